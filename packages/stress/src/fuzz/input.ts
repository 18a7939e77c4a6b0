/**
 * Where an input goes: the registry's port, that of the RPCs or the web UI's, in TLS with this protocol, or below TLS; or
 * the port of the metrics, which has none.
 */
export type Transport = 'registry' | 'rpc' | 'rpc over HTTP/2' | 'web' | 'metrics' | 'tcp' | 'rpc tcp' | 'web tcp';

/** Bytes to send, or milliseconds to wait. */
export type Step = Buffer | number;

/**
 * What is sent on one connection. It ends when a response has come (`response`: one must), after a while (`quiet`), or at
 * once with a reset (`reset`).
 */
export interface FuzzInput {
  /** What is odd about it. */
  readonly kind: string;
  readonly transport: Transport;
  readonly steps: readonly Step[];
  readonly ending: 'response' | 'quiet' | 'reset';
  /** Its only request is a HEAD, whose response has no body. */
  readonly head?: boolean;
}

/** The input as text: one line for each step, bytes in hexadecimal. */
export function describeInput({ kind, transport, steps, ending }: FuzzInput): string {
  const lines = steps.map((step) => (typeof step === 'number' ? `wait ${step} ms` : `send ${step.toString('hex')}`));
  return [`kind ${kind}`, `transport ${transport}`, ...lines, `end ${ending}`, ''].join('\n');
}

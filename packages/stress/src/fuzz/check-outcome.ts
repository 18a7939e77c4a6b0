import type { FuzzInput } from './input.ts';
import { readHttp2 } from './wire/http2-responses.ts';
import { readResponses, type TestResponse } from './wire/responses.ts';
import type { Outcome } from './wire/send.ts';

/** Classes and violations of the outcome of an input. */
export interface CheckResult {
  /** The class of each response, such as `4xx`, or 501; `none` where there was none. */
  readonly classes: readonly string[];
  /** What must not have happened, as text. */
  readonly violations: readonly string[];
}

/** Signs of what no client should see: stack traces, SQL, file names of the server. */
const leaks = /\n\s+at |node:internal|sqlite|constraint failed|\/(?:tmp|root|home)\//i;

/** Checks the bytes alone: for 5xx, responses that no client can parse, and errors in another form than the API's. */
export function checkOutcome(input: FuzzInput, outcome: Outcome): CheckResult {
  if (outcome.rejected) return { classes: ['no connection'], violations: [] };
  const late = outcome.pending ? ['a request got no response'] : [];
  if (input.transport.endsWith('tcp')) return { classes: ['none'], violations: late };
  if (input.transport === 'rpc over HTTP/2') {
    const { statuses, problem } = readHttp2(outcome.received);
    return resultOf(statuses, [
      ...late,
      ...(problem === undefined ? [] : [problem]),
      ...statuses.flatMap((status) => serverError(input.transport, status)),
    ]);
  }
  const { responses, problem } = readResponses(outcome.received, { head: input.head === true, ended: outcome.ended });
  const wrong = responses.flatMap((response) => [
    ...serverError(input.transport, response.status),
    ...formProblems(input, response),
    ...leaksOf(response),
  ]);
  return resultOf(
    responses.map(({ status }) => status),
    [...late, ...(problem === undefined ? [] : [problem]), ...wrong],
  );
}

function resultOf(statuses: readonly number[], violations: readonly string[]): CheckResult {
  const classes = statuses.map((status) => (status === 501 ? '501' : `${Math.floor(status / 100)}xx`));
  return { classes: classes.length === 0 ? ['none'] : classes, violations };
}

/** The Connect protocol responds with 501 to a content coding or a method that the server does not have. */
function serverError(transport: FuzzInput['transport'], status: number): string[] {
  const isFair = status < 500 || (status === 501 && transport.startsWith('rpc'));
  return isFair ? [] : [`a response ${status}`];
}

function leaksOf({ status, body }: TestResponse): string[] {
  const text = status >= 400 ? body.toString('utf8') : '';
  return leaks.test(text) ? [`an error that tells too much: ${text.slice(0, 500)}`] : [];
}

function formProblems({ transport, head, steps }: FuzzInput, { status, headers, body }: TestResponse): string[] {
  // Pages are for people, and the metrics have no errors to read.
  if (transport === 'web' || transport === 'metrics' || status < 400 || head === true || isHead(steps)) return [];
  const text = body.toString('utf8');
  const type = headers.get('content-type') ?? '';
  if (transport === 'rpc' && (text === '' || !type.startsWith('application/json'))) return [];
  const right =
    type.startsWith('application/json') && (transport === 'rpc' ? isRpcError(text) : isOciOrRestError(text));
  return right ? [] : [`an error ${status} in the wrong form: ${type} ${JSON.stringify(text.slice(0, 300))}`];
}

/** A mutation may have made the request a HEAD. */
function isHead([first]: FuzzInput['steps']): boolean {
  return Buffer.isBuffer(first) && first.subarray(0, 4).toString('latin1') === 'HEAD';
}

type Json = {
  readonly error?: unknown;
  readonly errors?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
};

function isRpcError(text: string): boolean {
  const { code, message } = parse(text);
  return isText(code) && (message === undefined || isText(message));
}

function isOciOrRestError(text: string): boolean {
  const { error, errors } = parse(text);
  if (error !== undefined) return isText(error) && errors === undefined;
  if (!Array.isArray(errors) || errors.length === 0) return false;
  return (errors as Json[]).every(({ code, message }) => isText(code) && isText(message));
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function parse(text: string): Json {
  try {
    return (JSON.parse(text) as Json | null) ?? {};
  } catch {
    return {};
  }
}

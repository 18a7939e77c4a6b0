import { CliError } from '../cli/errors.ts';
import type { Answer } from './get-json.ts';

/** The server is up. */
export interface Health {
  readonly version: string;
}

/** Whether the server can work, part by part; `ok` is good. */
export interface Readiness {
  readonly status: string;
  readonly checks: Readonly<Record<string, string>>;
}

/** Reads the answer of `GET /v1/health`; throws a CliError when it is not a registry's. */
export function readHealth(answer: Answer): Health {
  const { status, version } = record(answer.body);
  if (answer.status !== 200 || status !== 'ok') throw notRegistry(answer);
  return { version: typeof version === 'string' ? version : 'unknown' };
}

/** Reads the answer of `GET /v1/ready`, which is 503 when a part does not answer; throws a CliError as above. */
export function readReadiness(answer: Answer): Readiness {
  const { status, checks } = record(answer.body);
  if (![200, 503].includes(answer.status) || typeof status !== 'string') throw notRegistry(answer);
  const entries = Object.entries(record(checks)).map(([name, state]) => [name, String(state)]);
  return { status, checks: Object.fromEntries(entries) };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function notRegistry({ url, status }: Answer): CliError {
  return new CliError(`GET ${url} answered ${status}, but not as an MCR registry does`, {
    hint: '--server must name the address of server.listen_addr, not the gRPC port and not the web UI',
  });
}

import type { IncomingHttpHeaders } from 'node:http';

/** The longest that Node's timers can wait, 24 days; with more than that they fire at once. */
const maxTimerMs = 2 ** 31 - 1;
/** Milliseconds in the units of `grpc-timeout` (gRPC over HTTP/2, "Timeout"). */
const units: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** Ignores a deadline beyond the range of timers, as if there were none. */
export function dropEndlessTimeout(headers: IncomingHttpHeaders): void {
  const [, count, unit] = /^([0-9]{1,8})([HMSmun])$/.exec(String(headers['grpc-timeout'])) ?? [];
  if (unit !== undefined && Number(count) * units[unit]! > maxTimerMs) delete headers['grpc-timeout'];
  const milliseconds = headers['connect-timeout-ms'];
  if (/^[0-9]{1,10}$/.test(String(milliseconds)) && Number(milliseconds) > maxTimerMs) {
    delete headers['connect-timeout-ms'];
  }
}

/** Why a connection was closed: a bound of the listener, of the client's address, or on one connection. */
export type Rejection = 'total' | 'address' | 'pipelining' | 'resets';

/** Called for each connection that is closed because of a limit, with the address of its client. */
export type OnReject = (reason: Rejection, address: string) => void;

/** Milliseconds between two log lines for the same reason: a flood must not fill the log as well. */
const quietMs = 60_000;

/**
 * Reports rejected connections: the first for each reason immediately, then at most once a minute with the number since
 * the last report.
 */
export function rejectionLog(
  report: (line: { readonly reason: Rejection; readonly address: string; readonly connections: number }) => void,
  now: () => number = () => performance.now(),
): OnReject {
  const unreported = new Map<Rejection, { connections: number; at: number }>();
  return (reason, address) => {
    const since = unreported.get(reason) ?? { connections: 0, at: Number.NEGATIVE_INFINITY };
    unreported.set(reason, since);
    since.connections += 1;
    if (now() - since.at < quietMs) return;
    report({ reason, address, connections: since.connections });
    unreported.set(reason, { connections: 0, at: now() });
  };
}

/** Why a connection was closed: a bound of the listener, of the client's address, or of what one connection may do. */
export type Rejection = 'total' | 'address' | 'pipelining' | 'resets';

/** Told of each connection that is closed for a limit, with the address of its client. */
export type OnReject = (reason: Rejection, address: string) => void;

/** Milliseconds between two lines for the same reason: a flood should not fill the log as well. */
const quietMs = 60_000;

/**
 * Has an operator told of rejected connections, of the first for each reason at once and then once a minute, with how
 * many there were since the last time.
 */
export function rejectionLog(
  tell: (line: { readonly reason: Rejection; readonly address: string; readonly connections: number }) => void,
  now: () => number = () => performance.now(),
): OnReject {
  const untold = new Map<Rejection, { connections: number; at: number }>();
  return (reason, address) => {
    const since = untold.get(reason) ?? { connections: 0, at: Number.NEGATIVE_INFINITY };
    untold.set(reason, since);
    since.connections += 1;
    if (now() - since.at < quietMs) return;
    tell({ reason, address, connections: since.connections });
    untold.set(reason, { connections: 0, at: now() });
  };
}

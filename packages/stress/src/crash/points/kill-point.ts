import { basename } from 'node:path';
import type { FileThreads } from '../trace/strace.ts';
import type { SystemCall } from '../trace/system-call.ts';

/** A system call of an operation, at which to kill the server: the `nth` of its name in its thread. */
export interface KillPoint {
  readonly thread: keyof FileThreads;
  readonly call: string;
  readonly nth: number;
  /** What the call is about, for people. */
  readonly about: string;
}

/** Every call in a trace of an operation that changes a file of the registry or sends a response, in order. */
export function killPointsIn(
  calls: readonly SystemCall[],
  servers: readonly FileThreads[],
  directory: string,
): KillPoint[] {
  const seen = new Map<string, number>();
  return calls.flatMap(({ thread: id, name, paths, socket, text }) => {
    const server = servers.find(({ main, worker }) => id === main || id === worker);
    if (server === undefined) return [];
    const nth = (seen.get(`${id} ${name}`) ?? 0) + 1;
    seen.set(`${id} ${name}`, nth);
    const path = paths.find((candidate) => candidate.startsWith(`${directory}/`));
    const changes = name !== 'openat' || text.includes('O_CREAT');
    if ((path === undefined && socket === undefined) || !changes) return [];
    const thread = id === server.main ? 'main' : 'worker';
    return [{ thread, call: name, nth, about: path === undefined ? 'the response' : basename(path) }];
  });
}

import { existsSync } from 'node:fs';

/** Replaces the process without waiting for its threads. */
const shell = '/bin/sh';
/** What can take its time in a thread: a name service that does not answer, a pipe in place of a file. */
const blocking: ReadonlySet<string> = new Set(['GetAddrInfoReqWrap', 'FSReqCallback']);

/** Ends the process at once. `process.exit` alone waits for the threads that are at work, which may be many seconds. */
export function leave(code: number): never {
  const isBusy = process.getActiveResourcesInfo().some((name) => blocking.has(name));
  if (isBusy && process.execve !== undefined && existsSync(shell)) {
    process.execve(shell, ['sh', '-c', `exit ${code}`], {});
  }
  return process.exit(code);
}

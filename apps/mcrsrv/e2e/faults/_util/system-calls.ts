import { startProcess } from '@mcr/testkit';
import { untilTrue } from './until.ts';

/** Which calls fail, with what, and on which file. */
export interface CallFault {
  readonly calls: readonly string[];
  /** The code of the failure, such as EIO. */
  readonly error: string;
  readonly path: string;
}

/** Has calls of a running process on one file fail, until the scope ends or the process does. Needs root and strace. */
export async function failCalls(pid: number, { calls, error, path }: CallFault): Promise<AsyncDisposable> {
  const names = calls.join(',');
  const fault = ['-e', `trace=${names}`, '-e', `inject=${names}:error=${error}`, '-P', path];
  const tracer = await startProcess('strace', ['-f', '-o', '/dev/null', ...fault, '-p', String(pid)]);
  const attached = (): boolean => /attached/.test(tracer.output());
  await untilTrue(attached, `strace to attach: ${tracer.output()}`);
  return { [Symbol.asyncDispose]: async () => void (await tracer.stop()) };
}

import { Crew, crewThreads } from '../crew.ts';
import type { Subject } from './subject.ts';

/** How to load a subject. */
export interface Load {
  readonly seconds: number;
  readonly clients: number;
  readonly keepAlive: boolean;
}

/** What one round gave; CPU in seconds. */
export interface Measured {
  readonly name: string;
  readonly requests: number;
  readonly seconds: number;
  readonly workerCpu: number;
  readonly primaryCpu: number;
  readonly clientCpu: number;
}

/** Sends requests to all targets of a subject at the same time. */
export async function loadOn(subject: Subject, { seconds, clients, keepAlive }: Load): Promise<Measured> {
  await using crews = new AsyncDisposableStack();
  const share = Math.ceil(clients / subject.targets.length);
  const open: Crew[] = [];
  for (const [at, { address, head }] of subject.targets.entries()) {
    const task = { address, head, clients: share, keepAlive };
    open.push(crews.use(await Crew.open(task, crewThreads(at, subject.targets.length))));
  }
  const [before, clientBefore, startedAt] = [await subject.cpu(), process.cpuUsage(), performance.now()];
  const done = await Promise.all(open.map((crew) => crew.repeat(seconds)));
  const [after, clientCpu] = [await subject.cpu(), process.cpuUsage(clientBefore)];
  return {
    name: subject.name,
    requests: done.reduce((sum, { requests }) => sum + requests, 0),
    seconds: (performance.now() - startedAt) / 1_000,
    workerCpu: after.worker - before.worker,
    primaryCpu: after.primary - before.primary,
    clientCpu: (clientCpu.user + clientCpu.system) / 1e6,
  };
}

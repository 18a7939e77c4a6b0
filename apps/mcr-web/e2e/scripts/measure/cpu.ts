import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of processes, their threads and their children so far, in milliseconds. https://docs.kernel.org/scheduler/sched-stats.html */
export function cpuMs(pids: readonly number[]): number {
  return pids.flatMap(withChildren).reduce((sum, pid) => sum + ofThreads(pid), 0);
}

function withChildren(pid: number): number[] {
  const children = tasks(pid).flatMap((task) => readFileSync(`${task}/children`, 'utf8').split(' ').filter(Boolean));
  return [pid, ...children.flatMap((child) => withChildren(Number(child)))];
}

function ofThreads(pid: number): number {
  return tasks(pid).reduce((sum, task) => {
    const [nanoseconds = '0'] = readFileSync(`${task}/schedstat`, 'utf8').split(' ');
    return sum + Number(nanoseconds) / 1e6;
  }, 0);
}

function tasks(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((id) => `/proc/${pid}/task/${id}`);
}

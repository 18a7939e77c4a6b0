import type { SystemCall } from './system-call.ts';

const unfinished = / <unfinished \.\.\.>$/;
const resumed = /^(\d+) +<\.\.\. (\w+) resumed>(.*)$/;
const started = /^(?:(\d+) +)?(\w+)\((.*)$/;

interface Open {
  readonly thread: number;
  readonly name: string;
  readonly text: string;
  readonly begun: number;
}

/** Reads what `strace -yy -o` writes, with -f or without; lines about signals and ends of threads are left out. */
export function parseTrace(trace: string): SystemCall[] {
  const calls: SystemCall[] = [];
  const open = new Map<number, Open>();
  for (const [at, line] of trace.split('\n').entries()) {
    const rest = resumed.exec(line);
    if (rest !== null) {
      const begin = open.get(Number(rest[1]));
      if (begin === undefined) continue;
      open.delete(begin.thread);
      calls.push(callOf({ ...begin, text: begin.text + rest[3] }, at));
      continue;
    }
    const start = started.exec(line);
    if (start === null) continue;
    const call = { thread: Number(start[1] ?? 0), name: start[2]!, text: start[3]!.replace(unfinished, ''), begun: at };
    if (unfinished.test(line)) open.set(call.thread, call);
    else calls.push(callOf(call, at));
  }
  for (const call of open.values()) calls.push(callOf(call, undefined));
  return calls.toSorted((left, right) => left.begun - right.begun);
}

function callOf({ thread, name, text, begun }: Open, ended: number | undefined): SystemCall {
  const result = /= (-?\d+|\?)[^=]*$/.exec(text)?.[1];
  return {
    thread,
    name,
    paths: pathsIn(text),
    socket: /<TCP:\[([^\]]+)\]>/.exec(text)?.[1],
    text,
    begun,
    ended: result === '?' ? undefined : ended,
    failed: result?.startsWith('-') ?? false,
  };
}

/** `3</a/b>` and `"/a/b"` are paths; what an open returns and the directory that it starts at are not. */
function pathsIn(text: string): string[] {
  const args = text.replace(/\) += [^=]*$/, '');
  const found = args.matchAll(/(?:AT_FDCWD<[^>]*>)|\d+<(\/[^>]*)>|"(\/[^"]*)"/g);
  return [...found].flatMap(([, file, path]) => file ?? path ?? []);
}

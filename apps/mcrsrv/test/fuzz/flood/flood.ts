import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Target } from '../target.ts';

/** A crowd of connections that are idle or slow, in a process of its own. Disposing it closes them. */
export interface Flood extends AsyncDisposable {
  /** How many there are after the last was tried. */
  readonly connections: number;
  /** Closes them; tells how many there were until then. */
  close(): Promise<number>;
}

const script = fileURLToPath(new URL('./client.ts', import.meta.url));

/** As many connections as a process may have here, `most` at most; some files are for other things. */
export function affordable(most: number): number {
  const files = Number(/^Max open files +\d+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1_024);
  // The server takes a part of what it has; see there.
  return Math.min(most, Math.floor(files * 0.4) - 50);
}

/** Opens so many connections, or tries to. */
export async function startFlood({ registry, ports, world }: Target, count: number): Promise<Flood> {
  const args = [script, String(ports.registry), registry.caPath, String(count), world.tokens.user];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'close');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const read = async (word: string): Promise<number> => {
    const { value } = (await lines.next()) as { value?: string };
    if (value?.startsWith(`${word} `) !== true) throw new Error(`The flood said ${value}, not ${word}`);
    return Number(value.slice(word.length));
  };
  const connections = await read('ready');
  const end = async (): Promise<void> => {
    child.stdin.end();
    await exited;
  };
  return {
    connections,
    async close() {
      child.stdin.end();
      const open = await read('open');
      await exited;
      return open;
    },
    [Symbol.asyncDispose]: end,
  };
}

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createOciClient, locationOf, seededBytes } from '@mcr/testkit';
import type { Target } from '../target.ts';

/** A crowd of connections that are idle or slow, in a process of its own. Disposing it closes them. */
export interface Flood extends AsyncDisposable {
  /** How many there are after the last was tried. */
  readonly connections: number;
  /** Closes them; returns how many were open until then. */
  close(): Promise<number>;
}

const script = fileURLToPath(new URL('./client.ts', import.meta.url));

/**
 * As many connections as a process may have here, `most` at most; some files are for other things. Throws in CI when that
 * is less: it would be another test.
 */
export function affordable(most: number): number {
  const files = Number(/^Max open files +\d+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1_024);
  // The server takes a part of what it has; see there.
  const count = Math.min(most, Math.floor(files * 0.4) - 50);
  if (count < most && process.env['CI'] === 'true') {
    throw new Error(
      `${most} connections need a hard limit of ${Math.ceil((most + 50) / 0.4)} open files, not ${files}`,
    );
  }
  return count;
}

/** Opens so many connections, or tries to. */
export async function startFlood(target: Target, count: number): Promise<Flood> {
  const { registry, ports, names } = target;
  const { upload, blob } = await pathsOf(target);
  const args = [script, String(ports.registry), registry.caPath, String(count), names.tokens.user, upload, blob];
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

/** An upload of the flood's own account, for its slow parts, and a blob that no buffer on the way holds. */
async function pathsOf({ registry, client, names }: Target): Promise<{ upload: string; blob: string }> {
  const content = seededBytes('a blob that no client reads', 4 << 20);
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  await client.request('POST', `/v2/flood/app/blobs/uploads/?digest=${digest}`, { body: content });
  await using own = createOciClient({ baseUrl: registry.baseUrl, ca: registry.ca, token: names.tokens.user });
  return { upload: locationOf(await own.startUpload('flood/app')), blob: `/v2/flood/app/blobs/${digest}` };
}

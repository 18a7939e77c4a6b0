import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Scratch } from './_scratch.ts';

const script = fileURLToPath(new URL('./_writer.ts', import.meta.url));

/** A process that pushes to a store until it is killed. */
export class WriterProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly acknowledged: string[] = [];

  private constructor(child: ChildProcess, lines: AsyncIterator<string>) {
    this.#child = child;
    this.#lines = lines;
  }

  /** `stderr` is where its complaints go; `shared` processes have the store together. */
  static start(
    { layersPath, uploadsPath }: Scratch,
    stderr: 'inherit' | 'ignore' = 'inherit',
    shared = false,
  ): WriterProcess {
    const args = [script, layersPath, uploadsPath, ...(shared ? ['shared'] : [])];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', stderr] });
    return new WriterProcess(child, createInterface({ input: child.stdout })[Symbol.asyncIterator]());
  }

  /** Waits for the next acknowledgements; `Infinity` waits for the process's last one. */
  async take(count: number): Promise<void> {
    for (let taken = 0; taken < count; taken += 1) {
      const { value, done } = await this.#lines.next();
      if (done) return;
      this.acknowledged.push(value);
    }
  }

  /** Kills the process at once, with no chance to clean up, and takes what it still had acknowledged. */
  async kill(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
    await this.take(Number.POSITIVE_INFINITY);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill();
  }
}

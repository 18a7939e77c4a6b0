import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('store-process-program.ts', import.meta.url));

/** Another process with a store of its own on the same database; it pushes images, one after the other. */
export class StoreProcess implements AsyncDisposable {
  /** Images that the process has acknowledged, in order. */
  readonly images: string[] = [];
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #exited: Promise<unknown>;

  private constructor(path: string, name: string) {
    this.#child = spawn(process.execPath, [program, path, name], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#exited = once(this.#child, 'exit');
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts processes, one per name, which have loaded their code and opened nothing. */
  static async start(path: string, names: readonly string[]): Promise<StoreProcess[]> {
    const processes = names.map((name) => new StoreProcess(path, name));
    await Promise.all(processes.map((process) => process.#expect('loaded')));
    return processes;
  }

  /** Opens the store. Rejects when the process could not. */
  async open(): Promise<void> {
    this.#child.stdin.write('open\n');
    await this.#expect('open');
  }

  /** Resolves when the process has acknowledged that many further images. */
  async push(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 1) this.images.push(await this.#next());
  }

  /** Kills the process at whatever it is doing; what it has acknowledged until then is in {@link images}. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#drain();
  }

  /** Lets the process end its push and close the store. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#drain();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill();
  }

  async #drain(): Promise<void> {
    for (let line = await this.#lines.next(); line.done !== true; line = await this.#lines.next()) {
      this.images.push(line.value);
    }
    await this.#exited;
  }

  async #expect(wanted: string): Promise<void> {
    const line = await this.#next();
    if (line !== wanted) throw new Error(`the process said "${line}" instead of "${wanted}"`);
  }

  async #next(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('the process has ended');
    return value;
  }
}

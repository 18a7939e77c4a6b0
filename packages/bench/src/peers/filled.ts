import { startRegistry, type TestRegistry } from '@mcr/testkit';
import { fillDatabase } from '../fill.ts';
import { runningMcr } from './mcr.ts';
import type { Contender, RunningPeer } from './peer.ts';

/** Blobs without references are collected after this time. */
export const filledGraceMs = 1_000;

/** MCR with this many tags. It is filled on its first start, and then kept until it is disposed. */
export class FilledMcr implements Contender, AsyncDisposable {
  readonly name: string;
  readonly tags: number;
  #registry: TestRegistry | undefined;

  constructor(tags: number) {
    this.name = `${tags.toLocaleString('en-US')} tags`;
    this.tags = tags;
  }

  async start(): Promise<RunningPeer> {
    const registry = await this.#started();
    return await runningMcr(this.name, registry, async () => void (await registry.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#registry?.[Symbol.asyncDispose]();
  }

  async #started(): Promise<TestRegistry> {
    if (this.#registry !== undefined) {
      await this.#registry.restart();
      return this.#registry;
    }
    const env = { MCR_GC_GRACE_PERIOD: `${filledGraceMs}ms`, MCR_GC_INTERVAL: '0' };
    this.#registry = await startRegistry({ logToFile: true, env });
    await this.#registry.stop();
    fillDatabase(this.#registry.directory, this.tags);
    await this.#registry.restart();
    return this.#registry;
  }
}

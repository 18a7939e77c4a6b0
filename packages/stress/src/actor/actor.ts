import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../model/ledger.ts';
import type { Random } from '../random.ts';
import { actions, type Scene, type Weights } from './actions.ts';
import { type Client, type Connection, clientOf } from './client.ts';
import { collect } from './collections.ts';
import { Interrupted } from './world.ts';

/** What one random actor does, and where. */
export interface Role {
  /** One is chosen each time. */
  readonly ledgers: readonly Ledger[];
  readonly random: Random;
  /** How likely each action is by now. */
  readonly weights: () => Weights;
}

/** Does one thing after the other, as the seed of the role decides, until stopped or the server ends. */
export async function act(connection: Connection, role: Role, scene: Scene, isOver: () => boolean): Promise<void> {
  await goOn(connection, isOver, () => actOnce(connection, role, scene));
}

/** Does one thing. */
export async function actOnce(connection: Connection, { ledgers, random, weights }: Role, scene: Scene): Promise<void> {
  const client = clientOf(connection, ledgers.length === 1 ? ledgers[0]! : random.pick(ledgers), random);
  await actions[random.weighted(weights())](client, scene);
}

/** Collects garbage, with pauses of at most so many milliseconds, until stopped or the server ends. */
export async function collectOften(
  client: Client,
  { reconciles, longestPause }: { readonly reconciles: number; readonly longestPause: number },
  isOver: () => boolean,
): Promise<void> {
  await goOn(client, isOver, async () => {
    await collect(client, client.random.chance(reconciles));
    await sleep(client.random.below(longestPause));
  });
}

async function goOn({ world }: Connection, isOver: () => boolean, step: () => Promise<void>): Promise<void> {
  while (!world.killed && !isOver()) {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      return;
    }
  }
}

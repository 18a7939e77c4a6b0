import type { OciClient, TestRegistry } from '@mcr/testkit';
import type { Client } from '../actor/client.ts';
import type { World } from '../actor/world.ts';
import type { Random } from '../random.ts';

/** Several servers that have their data in common: the workers of a registry, or replicas. */
export interface Servers extends AsyncDisposable {
  /** How clients reach one of them, whichever it is. */
  readonly registry: Pick<TestRegistry, 'client' | 'grpcUrl' | 'ca'>;
  /** They are counted from 1. */
  readonly count: number;
  /** What one of them is called, for people. */
  readonly kind: string;
  /** A client whose requests go to this one. */
  clientOf(number: number): Promise<OciClient & AsyncDisposable>;
  /** Kills one of them; whether it was there. It is started again without being asked. */
  kill(number: number): Promise<boolean>;
  /** Whether all of them serve. */
  allServe(): Promise<boolean>;
  /** Disturbs what they rely on, until the round is over, and then no more. */
  disturb?(random: Random, isOver: () => boolean): Promise<void>;
  /** Looks at what is stored, beside what clients see, while they are idle. */
  inspect(world: World, clients: readonly Client[]): Promise<void>;
  /** Looks for what is left when all times are over. */
  inspectLeftovers(world: World): Promise<void>;
}

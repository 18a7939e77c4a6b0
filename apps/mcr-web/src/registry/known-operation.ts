import type { CallOptions } from '@connectrpc/connect';
import type { Clock } from '@mcr/core';
import type { RegistryClient } from './client.ts';
import { Recent } from './recent.ts';

/** Figures of all that is stored, and of days, move slowly. */
const keepMs = 5_000;
const days = 30;

/** What is stored, and what it takes. */
export type Space = Awaited<ReturnType<typeof readSpace>>;

/** How the registry does. */
export type State = Awaited<ReturnType<typeof readState>>;

/**
 * What the registry tells all admins alike, kept for 5 s. It is for admins only, and what is kept knows no caller: show it beside the
 * response to another call of the same request that is for admins, so that a user who no longer is one gets that error.
 */
export class KnownOperation {
  readonly #registry: RegistryClient;
  readonly #space: Recent<Space>;
  readonly #state: Recent<State>;

  constructor(registry: RegistryClient, clock: Clock) {
    this.#registry = registry;
    this.#space = new Recent(clock, keepMs);
    this.#state = new Recent(clock, keepMs);
  }

  /** What is stored; read anew for another version of garbage collection than it is known of. Throws ConnectErrors. */
  async space(caller: CallOptions, version?: string): Promise<Space> {
    return await shared(this.#space, () => readSpace(this.#registry, caller), version);
  }

  /** How the registry does. Throws ConnectErrors. */
  async state(caller: CallOptions): Promise<State> {
    return await shared(this.#state, () => readState(this.#registry, caller));
  }

  /** After a change here, which its user wants to see. */
  forget(): void {
    this.#space.forget();
    this.#state.forget();
  }
}

/** A reading that was shared may have failed for another user's rights. */
async function shared<Value>(recent: Recent<Value>, read: () => Promise<Value>, version?: string): Promise<Value> {
  return await recent.get(read, version).catch(read);
}

async function readSpace({ admin }: RegistryClient, caller: CallOptions) {
  const [usage, statistics, storage] = await Promise.all([
    admin.getStorageUsage({}, caller),
    admin.getStatistics({}, caller),
    admin.describeStorage({}, caller),
  ]);
  return { usage, statistics, storage };
}

async function readState({ admin, audit, registry }: RegistryClient, caller: CallOptions) {
  const [activity, gc, snapshots, { status, checks }] = await Promise.all([
    audit.getActivity({ days }, caller),
    registry.getGCStatus({}, caller),
    admin.listSnapshots({ pageSize: 1 }, caller),
    admin.ready({}),
  ]);
  const [snapshot] = snapshots.snapshots;
  return { activity: activity.days, gc, snapshot, status, hasStorage: checks['storage'] !== 'failed' };
}

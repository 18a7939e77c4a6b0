import type { Client } from '../actor/client.ts';
import { pullBlob } from '../actor/pull.ts';
import { allowsBlob, hasBlob, isReferenced, withoutLeases } from '../model/repository.ts';

/** Looks for every blob that the registry has promised to keep, and for those that it said are gone. */
export async function inspectBlobs(client: Client): Promise<void> {
  const { state, repository } = client.ledger;
  const known = new Set(state.states.flatMap(({ leases }) => [...leases.keys()]));
  for (const digest of known) {
    if (state.states.every((held) => isReferenced(held, digest))) continue;
    const isThere = await pullBlob(client, { digest });
    const at = Date.now();
    if (state.observe((held) => allowsBlob(held, digest, isThere, at))) continue;
    client.world.violate(
      isThere
        ? `${digest} was deleted from ${repository} and is back`
        : `${digest} was acknowledged in ${repository} and is gone`,
    );
  }
  const at = Date.now();
  // What is left of several states differs in nothing that can be seen, but the first one promises the least.
  state.settle();
  state.settle(withoutLeases(state.certain, (digest) => !hasBlob(state.certain, digest, at)));
}

import { isDeepStrictEqual } from 'node:util';
import { type Client, rest } from '../actor/client.ts';

interface Rule {
  readonly id: number;
  readonly description: string;
  readonly enabled: boolean;
}

/** Looks at the rules of one client, and whether they are in force. */
export async function inspectPolicy(client: Client): Promise<void> {
  const { ledger, world, outsider } = client;
  const response = await rest(client, 'GET', '/v1/policy/rules?n=1000');
  if (!world.expect('listing rules', response, 200)) return;
  const all: readonly Rule[] = response.json().rules;
  const own = all.filter(({ description }) => description.startsWith(`${ledger.repository} `));
  for (const { id, description } of own) ledger.ruleIds.set(description, id);
  const found = new Map(own.map(({ description, enabled }) => [description, enabled]));
  if (!ledger.rules.observe((rules) => isDeepStrictEqual(rules, found))) {
    world.violate(`the rules of ${ledger.repository} are ${JSON.stringify(own)}, expected ${ledger.rules.describe()}`);
  }
  ledger.rules.settle(found);
  const isDenied = own.some(({ enabled }) => enabled);
  const pulled = await outsider.oci.tags(ledger.repository);
  world.expect(`pulling from ${ledger.repository} as an outsider`, pulled, ...(isDenied ? [403] : [200, 404]));
}

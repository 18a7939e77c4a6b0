import { type Client, rest } from '../actor/client.ts';

interface Rule {
  readonly id: number;
  readonly description: string;
  readonly enabled: boolean;
}

/** Looks at the rules of one client, and whether they are in force. */
export async function inspectPolicy(client: Client): Promise<void> {
  const { ledger, world, outsider } = client;
  const answer = await rest(client, 'GET', '/v1/policy/rules?n=1000');
  if (!world.expect('listing rules', answer, 200)) return;
  const all: readonly Rule[] = answer.json().rules;
  const own = all.filter(({ description }) => description.startsWith(`${ledger.repository} `));
  for (const { id, description } of own) ledger.ruleIds.set(description, id);
  const expected = ledger.rules.describe();
  if (!ledger.rules.observe(new Map(own.map(({ description, enabled }) => [description, enabled])))) {
    world.violate(`the rules of ${ledger.repository} are ${JSON.stringify(own)}, expected ${expected}`);
  }
  const isDenied = own.some(({ enabled }) => enabled);
  const pulled = await outsider.oci.tags(ledger.repository);
  world.expect(`pulling from ${ledger.repository} as an outsider`, pulled, ...(isDenied ? [403] : [200, 404]));
}

import { type Change, type Client, change, rest } from './client.ts';

const path = '/v1/policy/rules';
const creating: Change = { phase: 'changing policy', event: 'policy_rule_created', acknowledgment: 201 };
const updating: Change = { phase: 'changing policy', event: 'policy_rule_updated', acknowledgment: 200 };
const deleting: Change = { phase: 'changing policy', event: 'policy_rule_deleted', acknowledgment: 204 };

/** Adds a rule that keeps the outsider from pulling. */
export async function addRule(client: Client, description: string): Promise<void> {
  const { ledger, outsider, world } = client;
  const rule = {
    description,
    priority: 5,
    effect: 'deny',
    subject: outsider.id,
    actions: ['registry:pull'],
    repositories: [ledger.repository],
  };
  ledger.rules.attempt(new Map([...ledger.rules.certain, [description, true]]));
  const answer = await change(client, creating, () => rest(client, 'POST', path, rule));
  if (!world.expect('adding a rule', answer, 201)) return ledger.rules.refused();
  ledger.rules.accepted();
  ledger.ruleIds.set(description, Number(answer.json().id));
}

/** Switches a rule on or off. */
export async function switchRule(client: Client, description: string): Promise<void> {
  const { ledger, world } = client;
  const enabled = !ledger.rules.certain.get(description);
  ledger.rules.attempt(new Map([...ledger.rules.certain, [description, enabled]]));
  const answer = await change(client, updating, () => rest(client, 'PATCH', pathOf(client, description), { enabled }));
  if (world.expect('switching a rule', answer, 200)) ledger.rules.accepted();
  else ledger.rules.refused();
}

/** Deletes a rule. */
export async function deleteRule(client: Client, description: string): Promise<void> {
  const { ledger, world } = client;
  ledger.rules.attempt(new Map([...ledger.rules.certain].filter(([name]) => name !== description)));
  const answer = await change(client, deleting, () => rest(client, 'DELETE', pathOf(client, description)));
  if (world.expect('deleting a rule', answer, 204)) ledger.rules.accepted();
  else ledger.rules.refused();
}

function pathOf({ ledger }: Client, description: string): string {
  return `${path}/${ledger.ruleIds.get(description)}`;
}

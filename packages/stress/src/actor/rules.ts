import { type Change, type Client, change, rest } from './client.ts';

const path = '/v1/policy/rules';
const phase = 'changing policy';
const creating: Change = { phase, events: ['policy_rule_created'], acknowledgment: 201 };
const updating: Change = { phase, events: ['policy_rule_updated'], acknowledgment: 200 };
const deleting: Change = { phase, events: ['policy_rule_deleted'], acknowledgment: 204 };

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
  const settle = ledger.attemptRules(new Map([...ledger.rules.certain, [description, true]]));
  const response = await change(client, creating, settle, () => rest(client, 'POST', path, rule));
  if (world.expect('adding a rule', response, 201)) ledger.ruleIds.set(description, Number(response.json().id));
}

/** Switches a rule on or off. */
export async function switchRule(client: Client, description: string): Promise<void> {
  const { ledger, world } = client;
  const enabled = !ledger.rules.certain.get(description);
  const settle = ledger.attemptRules(new Map([...ledger.rules.certain, [description, enabled]]));
  const response = await change(client, updating, settle, () =>
    rest(client, 'PATCH', pathOf(client, description), { enabled }),
  );
  world.expect('switching a rule', response, 200);
}

/** Deletes a rule. */
export async function deleteRule(client: Client, description: string): Promise<void> {
  const { ledger, world } = client;
  const settle = ledger.attemptRules(new Map([...ledger.rules.certain].filter(([name]) => name !== description)));
  const response = await change(client, deleting, settle, () => rest(client, 'DELETE', pathOf(client, description)));
  world.expect('deleting a rule', response, 204);
}

function pathOf({ ledger }: Client, description: string): string {
  return `${path}/${ledger.ruleIds.get(description)}`;
}

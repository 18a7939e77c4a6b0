import type { TestRegistry } from '@mcr/testkit';
import { expect } from 'vitest';

/** Adds a system account that one rule lets push to repositories of this pattern, and do nothing else. */
export async function addPushOnlyAccount(registry: TestRegistry, repositories: string) {
  const account = await registry.addAccount('publisher', { type: 'system' });
  const rule = {
    priority: 10,
    description: 'The publisher pushes and does not pull',
    effect: 'allow',
    subject: account.id,
    actions: ['registry:push'],
    repositories: [repositories],
    enabled: true,
  };
  const added = await registry.client().request('POST', '/v1/policy/rules', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  });
  expect(added.status, added.text()).toBe(201);
  return account;
}

import { expect, test } from 'vitest';
import { auditEventTypes } from './audit.ts';

test('every audit event type is named once, in lower-case words', () => {
  expect(new Set(auditEventTypes).size).toBe(auditEventTypes.length);
  for (const type of auditEventTypes) expect(type).toMatch(/^[a-z]+(_[a-z]+)*$/);
});

test.each([
  'login',
  'login_failed',
  'policy_deny',
  'manifest_pulled',
  'manifest_pushed',
  'manifest_deleted',
  'repo_deleted',
  'repo_updated',
  'policy_rule_created',
  'account_created',
  'gc_started',
  'gc_completed',
])('%s is audited', (type) => {
  expect(auditEventTypes).toContain(type);
});

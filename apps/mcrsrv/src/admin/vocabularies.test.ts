import { actions, auditEventTypes } from '@mcr/core';
import { adminApi } from '@mcr/rpc/api';
import { expect, test } from 'vitest';

test('the protos name the event types that the audit log has', () => {
  expect(adminApi.rules['mcr.v1.ListAuditEventsRequest']?.['event_type']?.string?.in).toEqual(auditEventTypes);
});

test('the protos name the actions that policy decides about', () => {
  const { rules } = adminApi;
  expect(rules['mcr.v1.ExplainPolicyRequest']?.['action']?.string?.in).toEqual(actions);
  for (const message of ['mcr.v1.CreatePolicyRuleRequest', 'mcr.v1.UpdatePolicyRuleRequest']) {
    expect(rules[message]?.['actions']?.list).toEqual({
      maxItems: actions.length,
      items: { string: { in: actions } },
    });
  }
});

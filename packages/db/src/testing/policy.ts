import { describe, expect, test } from 'vitest';
import { ada, change, lastEvent, rule, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

export function policyContract(current: CurrentStore): void {
  describe('policy rules', () => {
    test('a rule is created, read, changed and deleted', async () => {
      const { store } = current;
      const subject = ada.id;
      const created = await store.policy.createRule({ ...change, rule: rule({ subject }) });
      expect(created).toEqual({
        ...rule({ subject }),
        exceptRoles: [],
        exceptSubjects: [],
        delegated: false,
        id: created.id,
        createdBy: ada.id,
        createdAt: start,
        updatedAt: start,
      });
      expect(await store.policy.getRule(created.id)).toEqual(created);

      const patch = { enabled: false, repositories: [] };
      const updated = await store.policy.updateRule({ ...change, now: start + 1, id: created.id, patch });
      expect(updated).toEqual({ ...created, ...patch, updatedAt: start + 1 });
      expect(await store.policy.getRule(created.id)).toEqual(updated);

      expect(await store.policy.deleteRule({ ...change, id: created.id })).toBe(true);
      expect(await store.policy.getRule(created.id)).toBeUndefined();
    });

    test('a rule is marked as that of a delegate until it is not any more', async () => {
      const { policy } = current.store;
      const { id } = await policy.createRule({ ...change, rule: rule({ delegated: true }) });
      expect(await policy.getRule(id)).toMatchObject({ delegated: true });
      expect((await policy.ruleSet()).rules).toMatchObject([{ delegated: true }]);
      await policy.updateRule({ ...change, id, patch: { priority: 3 } });
      expect(await policy.getRule(id)).toMatchObject({ delegated: true });
      await policy.updateRule({ ...change, id, patch: { delegated: false } });
      expect(await policy.getRule(id)).toMatchObject({ delegated: false });
    });

    test('a rule that is not the expected one any more is neither changed nor deleted: CONFLICT', async () => {
      const { policy } = current.store;
      const expected = await policy.createRule({ ...change, rule: rule({ exceptRoles: ['ops'] }) });
      const { id } = expected;
      await policy.updateRule({ ...change, id, patch: { description: 'another' } });
      const stale = { ...change, id, expected };
      const conflict = { code: 'CONFLICT', detail: { id } };
      await expect(policy.updateRule({ ...stale, patch: { priority: 7 } })).rejects.toMatchObject(conflict);
      await expect(policy.deleteRule(stale)).rejects.toMatchObject(conflict);
      const found = (await policy.getRule(id))!;
      expect(found).toMatchObject({ description: 'another', priority: expected.priority });
      const fresh = { ...change, id, expected: found };
      expect(await policy.updateRule({ ...fresh, patch: { priority: 7 } })).toMatchObject({ priority: 7 });
      await expect(policy.deleteRule(fresh)).rejects.toMatchObject(conflict);
      expect(await policy.deleteRule({ ...fresh, expected: (await policy.getRule(id))! })).toBe(true);
    });

    test('a rule without a subject and a maker has neither', async () => {
      const { store } = current;
      const created = await store.policy.createRule({ actor: {}, now: start, rule: rule() });
      expect(created).not.toHaveProperty('subject');
      expect(created).not.toHaveProperty('createdBy');
    });

    test('a rule loses its subject by null, and one without stays without', async () => {
      const { store } = current;
      const { id } = await store.policy.createRule({ ...change, rule: rule({ subject: ada.id }) });
      expect(await store.policy.updateRule({ ...change, id, patch: { subject: null } })).not.toHaveProperty('subject');
      expect(await store.policy.getRule(id)).not.toHaveProperty('subject');
      expect(await lastEvent(store)).toMatchObject({ details: { rule_id: String(id), subject: '' } });
      await store.policy.updateRule({ ...change, id, patch: { subject: null } });
      expect(await lastEvent(store)).toEqual({ type: 'policy_rule_updated', details: { rule_id: String(id) } });
      expect(await store.policy.updateRule({ ...change, id, patch: { subject: ada.id } })).toMatchObject({
        subject: ada.id,
      });
    });

    test('a rule has exceptions, which its events name', async () => {
      const { store } = current;
      const exceptions = { exceptRoles: ['ops'], exceptSubjects: [ada.id] };
      const { id } = await store.policy.createRule({ ...change, rule: rule(exceptions) });
      expect(await store.policy.getRule(id)).toMatchObject(exceptions);
      const details = { except_roles: 'ops', except_subjects: ada.id };
      expect(await lastEvent(store)).toMatchObject({ details });
      const patch = { exceptRoles: [], exceptSubjects: [] };
      expect(await store.policy.updateRule({ ...change, id, patch })).toMatchObject(patch);
      expect(await lastEvent(store)).toMatchObject({ details: { except_roles: '', except_subjects: '' } });
    });

    test('unknown rules are not changed and not deleted, and that is not an event', async () => {
      const { store } = current;
      expect(await store.policy.updateRule({ ...change, id: 7, patch: { priority: 1 } })).toBeUndefined();
      expect(await store.policy.deleteRule({ ...change, id: 7 })).toBe(false);
      expect(await store.audit.list({ limit: 10 })).toEqual([]);
    });

    test('events carry the rule and what changed in it', async () => {
      const { store } = current;
      const { id } = await store.policy.createRule({ ...change, rule: rule() });
      const rule_id = String(id);
      expect(await lastEvent(store)).toMatchObject({
        type: 'policy_rule_created',
        details: { rule_id, effect: 'allow', actions: 'registry:pull', repositories: 'team/*', enabled: 'true' },
      });
      await store.policy.updateRule({ ...change, id, patch: { priority: 5, description: 'CI may pull' } });
      expect(await lastEvent(store)).toEqual({ type: 'policy_rule_updated', details: { rule_id, priority: '5' } });
      await store.policy.deleteRule({ ...change, id });
      expect(await lastEvent(store)).toMatchObject({ type: 'policy_rule_deleted', details: { rule_id } });
    });

    test('lists go by priority, then by id, and disabled rules are in them', async () => {
      const { store } = current;
      const ids: number[] = [];
      for (const [priority, enabled] of [
        [20, true],
        [10, false],
        [20, true],
        [10, true],
      ] as const) {
        ids.push((await store.policy.createRule({ ...change, rule: rule({ priority, enabled }) })).id);
      }
      const inOrder = [ids[1], ids[3], ids[0], ids[2]];
      const { version, rules } = await store.policy.ruleSet();
      expect(rules).toEqual(await store.policy.listRules());
      expect(version).toBe((await store.coordination.versions()).policy);
      expect((await store.policy.listRules()).map(({ id }) => id)).toEqual(inOrder);
      expect((await store.policy.listRules({ limit: 2 })).map(({ id }) => id)).toEqual(inOrder.slice(0, 2));
      const rest = await store.policy.listRules({ after: { priority: 10, id: ids[3] ?? 0 }, limit: 10 });
      expect(rest.map(({ id }) => id)).toEqual(inOrder.slice(2));
    });

    test('an id is never given to another rule', async () => {
      const { store } = current;
      const { id } = await store.policy.createRule({ ...change, rule: rule() });
      await store.policy.deleteRule({ ...change, id });
      expect((await store.policy.createRule({ ...change, rule: rule() })).id).not.toBe(id);
    });

    test('a page starts at the same place when the rule before it has moved, or is gone', async () => {
      const { store } = current;
      const place = async (priority: number): Promise<{ priority: number; id: number }> => ({
        priority,
        id: (await store.policy.createRule({ ...change, rule: rule({ priority }) })).id,
      });
      const [, after, next, last] = [await place(10), await place(20), await place(30), await place(40)];
      const rest = async (): Promise<number[]> => {
        return (await store.policy.listRules({ after, limit: 10 })).map(({ id }) => id);
      };
      await store.policy.updateRule({ ...change, id: after.id, patch: { priority: 1 } });
      expect(await rest()).toEqual([next.id, last.id]);
      await store.policy.deleteRule({ ...change, id: after.id });
      expect(await rest()).toEqual([next.id, last.id]);
    });
  });
}

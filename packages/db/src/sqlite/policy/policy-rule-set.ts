import { asc } from 'drizzle-orm';
import type { PolicyRules } from '../../facets/policy.ts';
import { prepareReadVersions } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { policyRules } from '../schema/index.ts';
import { toPolicyRule } from './policy-rules.ts';

export const policyRuleSet: Operation<PolicyRules['ruleSet']> = (connection) => {
  const { db, read } = connection;
  const versions = prepareReadVersions(connection);
  const rules = db.select().from(policyRules).orderBy(asc(policyRules.priority), asc(policyRules.id)).prepare();
  // Another process may write between two reads that are no transaction.
  return () => read(() => ({ version: versions().policy, rules: rules.all().map(toPolicyRule) }));
};

import { builtinRules } from '@mcr/core';
import * as z from 'zod';
import { explainInput, explainPolicy } from '../../services/policy/explain.ts';
import { createRule } from '../../services/policy/rules/create.ts';
import { deleteRule } from '../../services/policy/rules/delete.ts';
import { getRule } from '../../services/policy/rules/get.ts';
import { listRules } from '../../services/policy/rules/list.ts';
import { ruleInput, rulePatch } from '../../services/policy/rules/rule-input.ts';
import { updateRule } from '../../services/policy/rules/update.ts';
import { pageAnswer, pageOf } from '../page.ts';
import { signedIn } from '../route.ts';
import { explainAnswer, pageQuery, ruleAnswer, ruleParam } from '../schemas.ts';
import { explanationShape, ruleShape } from '../shapes.ts';

const path = '/v1/policy/rules';

export const getRules = signedIn({
  method: 'GET',
  path,
  access: { admin: 'read policy rules' },
  summary: 'Stored policy rules by priority, then id; the first page also has the built-in ones',
  query: pageQuery,
  answer: {
    status: 200,
    description: 'A page',
    schema: z.object({ rules: z.array(ruleAnswer), builtin_rules: z.array(ruleAnswer) }),
  },
  handle: async ({ services, caller, query }) => {
    const page = pageOf(query);
    const { items, next } = await listRules(services, caller, page);
    return pageAnswer(
      {
        rules: items.map(ruleShape),
        builtin_rules: page.after === undefined ? builtinRules.map(ruleShape) : [],
      },
      next !== undefined && { path, query: { n: query.n, last: next } },
    );
  },
});

export const postRule = signedIn({
  method: 'POST',
  path,
  access: { admin: 'create policy rule' },
  summary: 'Create a policy rule, in force at once',
  body: ruleInput,
  answer: { status: 201, description: 'The rule', schema: ruleAnswer },
  handle: async ({ services, caller, body }) => {
    const rule = await createRule(services, caller, body);
    return { status: 201, body: ruleShape(rule), headers: { Location: `${path}/${rule.id}` } };
  },
});

export const getRuleRoute = signedIn({
  method: 'GET',
  path: `${path}/{id}`,
  access: { admin: 'read policy rules' },
  summary: 'One policy rule',
  params: ruleParam,
  answer: { status: 200, description: 'The rule', schema: ruleAnswer },
  handle: async ({ services, caller, params: { id } }) => ({
    status: 200,
    body: ruleShape(await getRule(services, caller, id)),
  }),
});

export const patchRule = signedIn({
  method: 'PATCH',
  path: `${path}/{id}`,
  access: { admin: 'update policy rule' },
  summary: 'Change a policy rule, in force at once; what is left out stays',
  params: ruleParam,
  body: rulePatch,
  answer: { status: 200, description: 'The rule as it is now', schema: ruleAnswer },
  handle: async ({ services, caller, params: { id }, body }) => ({
    status: 200,
    body: ruleShape(await updateRule(services, caller, id, body)),
  }),
});

export const deleteRuleRoute = signedIn({
  method: 'DELETE',
  path: `${path}/{id}`,
  access: { admin: 'delete policy rule' },
  summary: 'Delete a policy rule, out of force at once',
  params: ruleParam,
  answer: { status: 204, description: 'It is gone' },
  handle: async ({ services, caller, params: { id } }) => {
    await deleteRule(services, caller, id);
    return { status: 204 };
  },
});

export const postExplain = signedIn({
  method: 'POST',
  path: '/v1/policy/explain',
  access: 'account',
  summary: 'What policy decides, and by which rule; the rules themselves and questions about others are for admins',
  body: explainInput,
  answer: { status: 200, description: 'The decision; for admins with every matching rule', schema: explainAnswer },
  handle: async ({ services, caller, body }) => ({
    status: 200,
    body: explanationShape(await explainPolicy(services, caller, body)),
  }),
});

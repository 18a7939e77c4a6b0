import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { respond } from '../../http/respond.ts';
import { asCaller } from '../../http/session.ts';
import { deleteRuleView } from './delete-view.ts';
import { parseQuestion } from './question.ts';
import { emptyRule, fieldsOf, readRule, ruleId } from './rule-fields.ts';
import { ruleView } from './rule-view.ts';
import { policiesView } from './view.ts';

const pageSize = 50;

/** `GET /policies`: all rules, and how a request would be decided. */
export function policiesPage({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const url = new URL(c.req.url);
    const question = parseQuestion(url.searchParams);
    const caller = asCaller(c);
    const pageToken = url.searchParams.get('page') ?? '';
    const [rules, answer] = await Promise.all([
      registry.policy.listPolicyRules({ pageSize, pageToken }, caller),
      question.request === undefined ? undefined : registry.policy.explainPolicy(question.request, caller),
    ]);
    return respond(c, policiesView({ csrf: c.var.csrf, url, rules, question, answer }));
  };
}

/** `GET /policies/new`: the form for a new rule. */
export const newRulePage: Handler<AppEnv> = (c) =>
  respond(c, ruleView({ csrf: c.var.csrf, action: '/policies', title: 'New rule', rule: emptyRule }));

/** `POST /policies`: adds a rule. */
export function createRule({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const { rule } = await registry.policy.createPolicyRule(readRule(c.var.form), asCaller(c));
    setFlash(c, `Created rule ${rule?.id ?? ''}.`);
    return c.redirect('/policies', 303);
  };
}

/** `GET /policies/:id`: the form of a rule. */
export function rulePage(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const rule = await findRule(context, c);
    const action = `/policies/${rule.id}`;
    return respond(c, ruleView({ csrf: c.var.csrf, action, title: `Rule ${rule.id}`, rule: fieldsOf(rule) }));
  };
}

/** `POST /policies/:id`: changes a rule as the form says. */
export function updateRule({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = ruleId(c.req.param('id'));
    const { roles, accountTypes, actions, repositories, ...rest } = readRule(c.var.form);
    const lists = {
      roles: { values: roles },
      accountTypes: { values: accountTypes },
      actions: { values: actions },
      repositories: { values: repositories },
    };
    await registry.policy.updatePolicyRule({ id, ...rest, ...lists }, asCaller(c));
    setFlash(c, `Changed rule ${id}.`);
    return c.redirect('/policies', 303);
  };
}

/** `POST /policies/:id/enabled`: switches a rule on or off. */
export function switchRule({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = ruleId(c.req.param('id'));
    const enabled = c.var.form.get('enabled') === 'true';
    await registry.policy.updatePolicyRule({ id, enabled }, asCaller(c));
    if (c.req.header('HX-Request') === undefined) setFlash(c, `Rule ${id} is ${enabled ? 'enabled' : 'disabled'}.`);
    return c.redirect('/policies', 303);
  };
}

/** `GET /policies/:id/delete`: asks whether to delete a rule. */
export function deleteRulePage(context: WebContext): Handler<AppEnv> {
  return async (c) => respond(c, deleteRuleView({ csrf: c.var.csrf, rule: await findRule(context, c) }));
}

/** `POST /policies/:id/delete`: deletes a rule. */
export function deleteRule({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = ruleId(c.req.param('id'));
    await registry.policy.deletePolicyRule({ id }, asCaller(c));
    setFlash(c, `Deleted rule ${id}.`);
    return c.redirect('/policies', 303);
  };
}

async function findRule({ registry }: WebContext, c: Context<AppEnv>) {
  const { rule } = await registry.policy.getPolicyRule({ id: ruleId(c.req.param('id')) }, asCaller(c));
  if (rule === undefined) throw new Error('The registry answered without the rule');
  return rule;
}

import { Code } from '@connectrpc/connect';
import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import { afterCreation, isForScript } from '../../http/creation.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { listField } from '../../http/form.ts';
import { keptNote } from '../../http/kept-form.ts';
import { backToList } from '../../http/list-url.ts';
import { respond, respondPart } from '../../http/respond.ts';
import { asCaller, scopeOf } from '../../http/session.ts';
import { problemOf, wasGone } from '../../registry/unless.ts';
import { mcrctl } from '../../ui/commands.ts';
import { updateCommand } from './commands.ts';
import { deleteRuleView } from './delete-view.ts';
import { findMatches, matchesPart } from './matches.ts';
import { explain, parseQuestion } from './question.ts';
import {
  emptyRule,
  fieldsOf,
  isEverything,
  type RuleFields,
  readRule,
  ruleId,
  toChange,
  toRule,
} from './rule-fields.ts';
import { type RuleProps, ruleView } from './rule-view.ts';
import { policiesView } from './view.ts';

const pageSize = 50;

/** `GET /policies`: all rules, and an explanation of a decision. */
export function policiesPage(context: WebContext): Handler<AppEnv> {
  return (c) => show(context, c);
}

async function show({ registry }: WebContext, c: Context<AppEnv>, created?: bigint): Promise<Response> {
  const url = new URL(c.req.url);
  const question = parseQuestion(url.searchParams);
  const caller = asCaller(c);
  const pageToken = url.searchParams.get('page') ?? '';
  const [rules, explanation] = await Promise.all([
    registry.policy.listPolicyRules({ pageSize, pageToken }, caller),
    explain(question, (request) => registry.policy.explainPolicy(request, caller)),
  ]);
  const scope = scopeOf(c.var.session);
  const isClosed = isForScript(c);
  return respond(c, policiesView({ csrf: c.var.csrf, url, rules, question, explanation, scope, created, isClosed }));
}

/** `GET /policies/new`: the form for a new rule; `?subject=NAME`, `?action=` and `?repositories=` fill fields of it. */
export const newRulePage: Handler<AppEnv> = (c) => {
  const { subject, actions, repositories } = readRule(new URL(c.req.url).searchParams);
  return newRuleForm(c, { ...emptyRule, subject, actions, repositories });
};

/** `POST /policies`: creates a rule. */
export function createRule(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const fields = readRule(c.var.form);
    const note = keptNote(c);
    if (note !== undefined) return newRuleForm(c, fields, { problem: note });
    if (needsConfirmation(c, fields)) return newRuleForm(c, fields, { isEverything: true });
    let created: bigint | undefined;
    const create = async () => {
      const { rule } = await context.registry.policy.createPolicyRule(toRule(fields), asCaller(c));
      created = rule?.id;
    };
    const problem = await problemOf(create(), deniedToo(c));
    if (problem !== undefined) return newRuleForm(c, fields, { problem });
    const message = `Created rule ${created ?? ''}.`;
    return await afterCreation(c, { list: '/policies', message, show: () => show(context, c, created) });
  };
}

/** `GET /policies/:id`: the form of a rule. */
export function rulePage(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const rule = await findRule(context, c);
    const matches = await findMatches(context, rule.repositories, asCaller(c));
    return ruleForm(c, rule.id, fieldsOf(rule), { matches });
  };
}

/** `GET /policies/matches`: what the patterns in a form match now, for the form. */
export function matchesOfForm(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const patterns = listField(new URL(c.req.url).searchParams, 'repositories');
    return respondPart(c, matchesPart(await findMatches(context, patterns, asCaller(c))));
  };
}

/** `POST /policies/:id`: changes a rule. */
export function updateRule({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = ruleId(c.req.param('id'));
    const fields = readRule(c.var.form);
    const note = keptNote(c);
    if (note !== undefined) return ruleForm(c, id, fields, { problem: note });
    if (needsConfirmation(c, fields)) return ruleForm(c, id, fields, { isEverything: true });
    const update = async () => registry.policy.updatePolicyRule({ id, ...toChange(fields) }, asCaller(c));
    const problem = await problemOf(update(), deniedToo(c));
    if (problem !== undefined) return ruleForm(c, id, fields, { problem });
    setFlash(c, `Changed rule ${id}.`);
    return c.redirect('/policies', 303);
  };
}

/** `POST /policies/:id/enabled`: enables or disables a rule. */
export function switchRule({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = ruleId(c.req.param('id'));
    const enabled = c.var.form.get('enabled') === 'true';
    await registry.policy.updatePolicyRule({ id, enabled }, asCaller(c));
    setFlash(c, `Rule ${id} is ${enabled ? 'enabled' : 'disabled'}.`);
    return backToList(c, '/policies');
  };
}

/** `GET /policies/:id/delete`: asks for confirmation. */
export function deleteRulePage(context: WebContext): Handler<AppEnv> {
  return async (c) => respond(c, deleteRuleView({ csrf: c.var.csrf, rule: await findRule(context, c) }));
}

/** `POST /policies/:id/delete`: deletes a rule. */
export function deleteRule({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = ruleId(c.req.param('id'));
    const isGone = await wasGone(registry.policy.deletePolicyRule({ id }, asCaller(c)));
    setFlash(c, isGone ? `Rule ${id} has already been deleted.` : `Deleted rule ${id}.`);
    return c.redirect('/policies', 303);
  };
}

/** Why a form is shown again, and what its patterns match when it is shown first. */
type Reason = Pick<RuleProps, 'problem' | 'isEverything' | 'matches'>;

/** Only a form that was sent has something that cannot be processed. */
function statusOf(reason: Reason = {}): 200 | 422 {
  return reason.problem === undefined && reason.isEverything === undefined ? 200 : 422;
}

/** What is beyond a delegation is said beside the form, which can be put right. */
function deniedToo(c: Context<AppEnv>): readonly Code[] {
  return scopeOf(c.var.session) === undefined ? [] : [Code.PermissionDenied];
}

function needsConfirmation(c: Context<AppEnv>, fields: RuleFields): boolean {
  return isEverything(fields) && !c.var.form.has('everything');
}

function newRuleForm(c: Context<AppEnv>, rule: RuleFields, reason?: Reason): Promise<Response> {
  const words = { action: '/policies', title: 'New rule', command: mcrctl('policy', 'create', '--help') };
  return respond(
    c,
    ruleView({
      csrf: c.var.csrf,
      ...words,
      rule,
      scope: scopeOf(c.var.session),
      isInPlace: isForScript(c),
      ...reason,
    }),
    statusOf(reason),
  );
}

function ruleForm(c: Context<AppEnv>, id: bigint, rule: RuleFields, reason?: Reason): Promise<Response> {
  const words = { action: `/policies/${id}`, title: `Rule ${id}`, command: updateCommand(id, rule) };
  return respond(
    c,
    ruleView({ csrf: c.var.csrf, ...words, rule, scope: scopeOf(c.var.session), ...reason }),
    statusOf(reason),
  );
}

async function findRule({ registry }: WebContext, c: Context<AppEnv>) {
  const { rule } = await registry.policy.getPolicyRule({ id: ruleId(c.req.param('id')) }, asCaller(c));
  if (rule === undefined) throw new Error('The response of the registry has no rule');
  return rule;
}

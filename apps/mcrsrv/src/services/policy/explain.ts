import { actions, type Decision, isAdmin, type Principal, parseRepositoryName, RegistryError } from '@mcr/core';
import * as z from 'zod';
import { requireAdmin } from '../admin/require-admin.ts';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { parseInput } from '../parse-input.ts';

/** Who, what, where. Without a principal it is the caller; a username alone stands for the local account of that name. */
export const explainInput = z.strictObject({
  principal: z
    .strictObject({
      id: z.string().max(128).optional(),
      username: z.string().max(128).optional(),
      account_type: z.enum(['human', 'system']).optional(),
      roles: z.array(z.string().max(128)).max(100).optional(),
    })
    .optional(),
  action: z.enum(actions),
  repository: z.string().max(256).optional(),
});

type Asked = NonNullable<z.output<typeof explainInput>['principal']>;

/** A decision with the identity that it is about. */
export interface Explanation extends Decision {
  /** Id of the rule that decided; absent when none matched, which denies. */
  readonly ruleId?: number;
  readonly principal: Principal;
}

/**
 * What policy decides and by which rules, found by the same evaluation as for real requests. Every account may ask about
 * itself, and learns the decision and the id of the rule; the rules, which name repositories and accounts of others, and
 * questions about others are for admins. `PARAMETER_INVALID`, `NOT_FOUND` for an unknown username.
 */
export async function explainPolicy(context: ServiceContext, caller: Caller, input: unknown): Promise<Explanation> {
  const question = parseInput(explainInput, input);
  const principal = await principalOf(context, caller, question.principal);
  const { action } = question;
  const repository = question.repository === undefined ? {} : { repository: parseRepositoryName(question.repository) };
  const { id, accountType, roles } = principal;
  const { effect, rule, matches } = await context.policy.decide({
    subject: id,
    accountType,
    roles,
    action,
    ...repository,
  });
  const decision = { effect, ...(rule && { ruleId: rule.id }), principal };
  return isAdmin(caller.principal) ? { ...decision, ...(rule && { rule }), matches } : { ...decision, matches: [] };
}

async function principalOf(context: ServiceContext, caller: Caller, asked: Asked | undefined): Promise<Principal> {
  if (asked === undefined) return caller.principal;
  if (!isAdmin(caller.principal) && isSame(caller.principal, asked)) return caller.principal;
  await requireAdmin(context, caller, 'explain policy');
  return await resolve(context, asked);
}

/** Whether what is said of an account names this one, and says nothing else of it than is true. */
function isSame(own: Principal, { id, username, account_type: accountType, roles }: Asked): boolean {
  if (id === undefined && username === undefined) return false;
  return (
    (id === undefined || id.toLowerCase() === own.id.toLowerCase()) &&
    (username === undefined || username === own.username) &&
    (accountType === undefined || accountType === own.accountType) &&
    (roles === undefined || (roles.length === own.roles.length && roles.every((role) => own.roles.includes(role))))
  );
}

async function resolve(context: ServiceContext, asked: Asked): Promise<Principal> {
  const { id, username, account_type: accountType, roles } = asked;
  const known = username === undefined ? undefined : await context.store.findAccountByName(username);
  if (known === undefined && id === undefined && accountType === undefined && roles === undefined) {
    throw new RegistryError('NOT_FOUND', 'There is no such local account; describe it by account_type and roles', {
      detail: { username },
    });
  }
  return {
    id: id ?? known?.id ?? '',
    username: username ?? known?.username ?? '',
    accountType: accountType ?? known?.type ?? 'human',
    roles: roles ?? known?.roles ?? [],
  };
}

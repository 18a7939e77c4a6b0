import { actions, type Decision, type Principal, parseRepositoryName, RegistryError } from '@mcr/core';
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

type Question = z.output<typeof explainInput>;

/** A decision with the identity that it is about. */
export interface Explanation extends Decision {
  readonly principal: Principal;
}

/**
 * What policy decides and by which rules, found by the same evaluation as for real requests. About oneself anybody may
 * ask; about others only an admin. `PARAMETER_INVALID`, `NOT_FOUND` for an unknown username.
 */
export async function explainPolicy(context: ServiceContext, caller: Caller, input: unknown): Promise<Explanation> {
  const question = parseInput(explainInput, input);
  if (question.principal !== undefined) await requireAdmin(context, caller, 'explain policy');
  const principal = question.principal === undefined ? caller.principal : await resolve(context, question.principal);
  const { action } = question;
  const repository = question.repository === undefined ? {} : { repository: parseRepositoryName(question.repository) };
  const { id, accountType, roles } = principal;
  const decision = await context.policy.decide({ subject: id, accountType, roles, action, ...repository });
  return { ...decision, principal };
}

async function resolve(context: ServiceContext, asked: NonNullable<Question['principal']>): Promise<Principal> {
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

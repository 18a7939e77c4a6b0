import type { AccessToken, NewAccessToken } from '../facets/tokens.ts';

/** How long lists show a token that has expired, milliseconds. */
export const shownExpiredMs = 30 * 86_400_000;
/** Expired tokens that one creation forgets: more than it adds, so that they become fewer. */
export const maxForgottenTokens = 100;

type Named = Pick<AccessToken, 'id' | 'name' | 'accountId' | 'accountName'>;

/** A token in the words of the audit log. */
export function tokenNames({ id, name, accountId, accountName }: Named): Record<string, string> {
  return { token_id: id, token: name, account_id: accountId, username: accountName };
}

/** A new token in the words of the audit log. */
export function describeToken({
  scope,
  actions,
  repositories,
  expiresAt,
  ...named
}: NewAccessToken): Record<string, string> {
  const lists = { scope, actions: actions.join(','), repositories: repositories.join(',') };
  return { ...tokenNames(named), ...lists, expires_at: new Date(expiresAt).toISOString() };
}

/** A rotation in the words of the audit log. */
export function describeRotation({ previousUntil = 0, expiresAt, ...named }: AccessToken): Record<string, string> {
  const times = {
    previous_until: new Date(previousUntil).toISOString(),
    expires_at: new Date(expiresAt).toISOString(),
  };
  return { ...tokenNames(named), ...times };
}

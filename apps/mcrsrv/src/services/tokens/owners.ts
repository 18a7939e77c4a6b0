import { type IdentityProvider, invalidToken, personPrincipal, principalOf, type TokenOwner } from '@mcr/auth';
import type { Clock, Principal } from '@mcr/core';
import type { MetadataStore, TokenOwner as StoredOwner } from '@mcr/db';

const hourMs = 3_600_000;

/** What owners are found by. */
export interface OwnerParts {
  readonly store: Pick<MetadataStore, 'accounts' | 'identities' | 'tokens'>;
  /** Names of the OpenID providers of the configuration. */
  readonly providers: readonly string[];
  /** Whether the registry keeps accounts of its own. */
  readonly hasLocalAccounts: boolean;
  /** How long ago an owner of elsewhere may have signed in, milliseconds; 0 is no limit. */
  readonly maxAgeMs: number;
}

/**
 * Finds the accounts that tokens belong to: local ones as they are now, others as they were when they last signed in. `undefined` for an
 * account that is disabled, blocked or does not exist.
 */
export function tokenOwners({
  store,
  providers,
  hasLocalAccounts,
  maxAgeMs,
}: OwnerParts): (accountId: string) => Promise<TokenOwner | undefined> {
  return async (accountId) => {
    const account = hasLocalAccounts ? await store.accounts.findById(accountId) : undefined;
    if (account !== undefined) return account.enabled ? { principal: principalOf(account) } : undefined;
    const person = await store.identities.findById(accountId);
    if (person !== undefined) {
      if (person.blocked || !providers.includes(person.provider)) return undefined;
      return { principal: personPrincipal(person), ...(maxAgeMs > 0 && { endsAt: person.signedInAt + maxAgeMs }) };
    }
    const owner = await store.tokens.findOwner(accountId);
    if (owner === undefined || owner.blocked === true) return undefined;
    const { signedInAt } = owner;
    const principal = { ...owner.principal, ...(hasLocalAccounts && { isFederated: true as const }) };
    return { principal, ...(maxAgeMs > 0 && { endsAt: signedInAt + maxAgeMs }) };
  };
}

/** Accounts whose last sign-in a process remembers. */
const maxRemembered = 10_000;

/**
 * Puts on record what the other service says of owners of tokens while they are signed in there, to the hour: each record makes all
 * processes forget what they have cached of accounts. Rejects those that an admin has blocked here.
 */
export function notingOwners(
  provider: IdentityProvider,
  { store, clock }: { readonly store: Pick<MetadataStore, 'tokens' | 'coordination'>; readonly clock: Clock },
): IdentityProvider {
  const noted = new Map<string, StoredOwner & { readonly generation: number }>();
  const note = async (principal: Principal, generation: number): Promise<void> => {
    const owner = { principal, signedInAt: clock.now() };
    const last = noted.get(principal.id);
    if (last?.generation === generation && isSame(last, owner)) return;
    const known = await store.tokens.findOwner(principal.id);
    if (known?.blocked === true) throw invalidToken();
    if (known !== undefined && !isSame(known, owner)) await store.tokens.putOwner(owner);
    if (noted.size >= maxRemembered) noted.clear();
    noted.set(principal.id, { ...owner, generation });
  };
  return {
    login: (username, password, requester) => provider.login(username, password, requester),
    revoke: (token) => provider.revoke(token),
    async validate(token) {
      const [{ accounts }, validated] = await Promise.all([store.coordination.versions(), provider.validate(token)]);
      await note(validated.principal, accounts);
      return validated;
    },
  };
}

function isSame(before: StoredOwner | undefined, { principal, signedInAt }: StoredOwner): boolean {
  if (before === undefined || signedInAt - before.signedInAt >= hourMs) return false;
  return JSON.stringify(before.principal) === JSON.stringify(principal);
}

import { compileGlob, type Glob } from './policy/glob.ts';
import type { Action, TokenLimits } from './policy/types.ts';

/** What an access token may do in the admin API: nothing, read, or change as well. */
export const tokenScopes = ['none', 'admin:read', 'admin:write'] as const;

/** One of {@link tokenScopes}. */
export type TokenScope = (typeof tokenScopes)[number];

/** The access token that a request is made with. */
export interface TokenGrant extends TokenLimits {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  readonly scope: TokenScope;
}

/** What a token is asked about. */
interface Asked {
  readonly action: Action;
  readonly repository?: string;
  readonly username: string;
}

const compiled = new WeakMap<TokenLimits, readonly Glob[]>();

/** Whether a token has limits, which the admin role is not within: its verbs concern every repository. */
export function isNarrowed({ actions, repositories }: TokenLimits): boolean {
  return actions.length > 0 || repositories.length > 0;
}

/**
 * Whether a request is within the limits of a token. Each is for checking the version of the API, as every login does, and for the
 * catalog unless its actions say otherwise, since that lists only what may be pulled.
 */
export function isWithinLimits(limits: TokenLimits, { action, repository, username }: Asked): boolean {
  const { actions, repositories } = limits;
  if (action === 'registry:version_check') return true;
  if (actions.length > 0 && !actions.includes(action)) return false;
  if (repositories.length === 0 || action === 'registry:catalog') return true;
  return repository !== undefined && globsOf(limits).some((glob) => glob(repository, username));
}

/** Whether a scope is enough for a method that requires another one; a method without one is for every token. */
export function coversScope(scope: TokenScope, required: string | undefined): boolean {
  return required === undefined || scope === required || (scope === 'admin:write' && required === 'admin:read');
}

function globsOf(limits: TokenLimits): readonly Glob[] {
  const found = compiled.get(limits) ?? limits.repositories.map((pattern) => compileGlob(pattern));
  compiled.set(limits, found);
  return found;
}

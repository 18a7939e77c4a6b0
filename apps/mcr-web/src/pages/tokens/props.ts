import type { AccessToken, ListTokensResponse } from '@mcr/rpc/mcr/v1/tokens_pb';
import { field, listField } from '../../http/form.ts';

/** The values of the form for a new token, and why they were rejected. */
export interface NewToken {
  readonly name: string;
  /** Name of the account; empty: the user. */
  readonly account: string;
  readonly actions: string[];
  readonly repositories: string[];
  readonly scope: string;
  /** Whole days, as chosen. */
  readonly days: string;
  readonly problem?: string;
}

/** Initial values of the form. */
export const newToken: NewToken = { name: '', account: '', actions: [], repositories: [], scope: 'none', days: '90' };

/** Parses the form; the registry validates its values. */
export function readNewToken(form: URLSearchParams): NewToken {
  return {
    name: field(form, 'name'),
    account: field(form, 'account'),
    actions: form.getAll('action'),
    repositories: listField(form, 'repositories'),
    scope: field(form, 'scope'),
    days: field(form, 'days'),
  };
}

/** A token that was just created or rotated, with its secret, which no later page shows. */
export interface ShownSecret {
  readonly token: AccessToken;
  readonly secret: string;
  /** The registry's name for container clients. */
  readonly registry: string;
}

/** Properties of the page. */
export interface TokensProps {
  readonly csrf: string;
  readonly url: URL;
  readonly isAdmin: boolean;
  /** Whether the tokens of all accounts are listed. */
  readonly isAll: boolean;
  /** The account whose tokens are listed; empty: the user's own, or all. */
  readonly of: string;
  /** What a delegate manages, robots' tokens included; absent for others. */
  readonly scope?: readonly string[] | undefined;
  readonly list: ListTokensResponse;
  readonly shown: ShownSecret | undefined;
  readonly typed: NewToken;
  readonly now: number;
}

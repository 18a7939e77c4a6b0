import { isJsonObject } from '@mcr/core';
import type { Context } from 'hono';
import { nextPath } from './came-from.ts';
import { isIssuedTo } from './csrf-token.ts';
import type { AppEnv } from './env.ts';

/**
 * What was entered into a form whose session had expired. The login page carries it as a hidden field, so that nothing is kept
 * here for visitors who have not signed in; afterwards the form is shown again, and nothing is done before its button is pressed.
 */
export interface KeptForm {
  /** The path that the form was sent to, with its query. */
  readonly path: string;
  /** The token of the form, which says to which account it had been shown. */
  readonly token: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** The field of the login form, and the one that makes a form be shown again instead of processed. */
export const keptField = 'kept';

/** Characters of it in the body of the login form, below the limit for forms before the login. */
const maxLength = 12 * 1024;

/** Forms that are shown again, with the fields of each that are: never a password. */
const keepable: readonly (readonly [path: RegExp, names: readonly string[]])[] = [
  [
    /^\/policies(?:\/\d+)?$/,
    [
      'priority',
      'description',
      'effect',
      'roles',
      'except_roles',
      'account_type',
      'subject',
      'except_subjects',
      'action',
      'repositories',
      'enabled',
    ],
  ],
  [/^\/accounts$/, ['username', 'account_type', 'roles']],
  [/^\/accounts\/[^/]+\/roles$/, ['roles']],
  [/^\/tokens$/, ['name', 'account', 'action', 'repositories', 'scope', 'days']],
  [/^\/delegations$/, ['account', 'pattern']],
  [/^\/repositories\/.+$/, ['description']],
];

/** What of a form is kept; `undefined` if it is another form, or too large. The caller has checked that this UI sent it. */
export function keepForm(c: Context<AppEnv>, form: URLSearchParams): KeptForm | undefined {
  const { pathname, search } = new URL(c.req.url);
  return checked({ path: `${pathname}${search}`, token: form.get('csrf') ?? '', fields: [...form] });
}

/** The kept form that a login form carries; `undefined` if there is none, or anything else. */
export function readKept(form: URLSearchParams): KeptForm | undefined {
  try {
    const value: unknown = JSON.parse(form.get(keptField) ?? '');
    if (!isJsonObject(value) || typeof value['path'] !== 'string' || typeof value['token'] !== 'string')
      return undefined;
    const fields = Array.isArray(value['fields']) ? value['fields'].filter(isField) : [];
    return checked({ path: value['path'], token: value['token'], fields });
  } catch {
    return undefined;
  }
}

/** Whether it is shown to a user who has signed in: the one to whom the form had been shown. */
export function isKeptFor({ token }: KeptForm, username: string, formKey: string): boolean {
  return isIssuedTo(token, username, formKey);
}

/**
 * Why a form is shown again instead of being processed, beside its fields; `undefined` for a form that is to be processed. Each
 * handler of a form that is kept begins with it.
 */
export function keptNote(c: Context<AppEnv>): string | undefined {
  return c.var.form.has(keptField)
    ? 'The session had expired. What you entered is here again; it was not sent.'
    : undefined;
}

/** Whether a form that is only to be shown was sent to a path that would process it. */
export function isMisplaced(c: Context<AppEnv>, form: URLSearchParams): boolean {
  return form.has(keptField) && c.req.path !== '/login' && namesOf(c.req.path) === undefined;
}

function checked({ path, token, fields }: KeptForm): KeptForm | undefined {
  const names = namesOf(path.split('?', 1)[0] ?? '');
  if (names === undefined || nextPath(path) !== path) return undefined;
  const kept = { path, token, fields: fields.filter(([name, value]) => names.includes(name) && value !== '') };
  if (kept.fields.length === 0) return undefined;
  return new URLSearchParams({ kept: JSON.stringify(kept) }).toString().length > maxLength ? undefined : kept;
}

function namesOf(pathname: string): readonly string[] | undefined {
  return keepable.find(([path]) => path.test(pathname))?.[1];
}

function isField(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}

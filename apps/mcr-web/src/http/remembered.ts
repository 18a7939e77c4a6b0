import type { Context, Handler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Remembering } from '../ui/pull-box.ts';
import { cameFrom, nextPath } from './came-from.ts';
import type { AppEnv } from './env.ts';

const cookieName = 'mcr-pull';
const year = 365 * 24 * 60 * 60;
/** More than the clients of all kinds of content together. */
const maxRemembered = 16;
const choicePattern = /^[a-z]{1,20}$/;

/**
 * What the user chose in boxes of commands, the last choice first: names of clients, and `tag` or `digest`. A box marks the
 * first one that it offers, so that the choice for charts does not replace that for images.
 */
function rememberedChoices(c: Context<AppEnv>): readonly string[] {
  const names = (getCookie(c, cookieName, 'host') ?? '').split('.').filter((name) => choicePattern.test(name));
  return [...new Set(names)].slice(0, maxRemembered);
}

/** What a box of commands on the requested page needs to remember a choice. */
export function rememberingOf(c: Context<AppEnv>): Remembering {
  return { chosen: rememberedChoices(c), csrf: c.var.csrf, here: cameFrom(c) };
}

/** `POST /pull`: remembers the choices of a box of commands, and redirects back to the page. */
export const rememberChoices: Handler<AppEnv> = (c) => {
  const { form } = c.var;
  const chosen = [form.get('client'), form.get('by')].filter((name) => name !== null && choicePattern.test(name));
  const names = [...new Set([...chosen, ...rememberedChoices(c)])].slice(0, maxRemembered);
  const attributes = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;
  setCookie(c, cookieName, names.join('.'), { ...attributes, maxAge: year });
  return c.redirect(nextPath(form.get('next') ?? undefined), 303);
};

import type { Context, Handler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { nextPath } from './came-from.ts';
import type { AppEnv, Theme } from './env.ts';

const cookieName = 'mcr-theme';
const year = 365 * 24 * 60 * 60;
const themes: readonly Theme[] = ['auto', 'light', 'dark'];

/** The theme that the user chose. */
export function themeOf(c: Context<AppEnv>): Theme {
  return parseTheme(getCookie(c, cookieName, 'host'));
}

/** `POST /theme`: sets the theme, and redirects back to the page. */
export const chooseTheme: Handler<AppEnv> = (c) => {
  const theme = parseTheme(c.var.form.get('theme') ?? undefined);
  const attributes = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;
  setCookie(c, cookieName, theme, { ...attributes, maxAge: year });
  return c.redirect(nextPath(c.var.form.get('next') ?? undefined), 303);
};

function parseTheme(text: string | undefined): Theme {
  return themes.find((theme) => theme === text) ?? 'auto';
}

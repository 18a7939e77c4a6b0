import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import type { AppEnv, Session } from './env.ts';

/** The cookie that forms repeat. */
export const csrfCookie = 'mcr-csrf';
const nonceBytes = 16;

/** Issues a token for forms of a session, or of none: to the page of this response, and as the cookie. */
export function issueToken(c: Context<AppEnv>, formKey: string, session: Session | undefined): void {
  const token = createToken({ username: session?.username ?? '', key: keyOf(session, formKey), formKey });
  c.set('csrf', token);
  setCookie(c, csrfCookie, token, { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' });
}

/** The key that signs forms: before the login, and for guests, that of the process. */
export function keyOf(session: Session | undefined, formKey: string): string {
  return session === undefined || session.isGuest ? formKey : session.token;
}

interface TokenKeys {
  readonly username: string;
  readonly key: string;
  readonly formKey: string;
}

/**
 * A token of forms, `nonce.owner.signature`. The signature is valid as long as the session; the owner says to which account it was
 * issued as long as the process runs, also after the session.
 */
function createToken({ username, key, formKey }: TokenKeys): string {
  const nonce = randomBytes(nonceBytes).toString('base64url');
  const owner = ownerOf(nonce, username, formKey);
  return `${nonce}.${owner}.${sign(`csrf ${nonce}.${owner}`, key)}`;
}

/** Whether a token was signed with a key. */
export function isSigned(token: string, key: string): boolean {
  const [nonce = '', owner = '', signature = ''] = token.split('.');
  return nonce !== '' && isSame(signature, sign(`csrf ${nonce}.${owner}`, key));
}

/** Whether this process issued a token to an account, in whatever session. */
export function isIssuedTo(token: string, username: string, formKey: string): boolean {
  const [nonce = '', owner = ''] = token.split('.');
  return nonce !== '' && isSame(owner, ownerOf(nonce, username, formKey));
}

/** Compares in constant time. */
export function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function ownerOf(nonce: string, username: string, formKey: string): string {
  return sign(`owner ${nonce} ${username}`, formKey);
}

function sign(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

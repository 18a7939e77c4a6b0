import { RegistryError } from '@mcr/core';

/** A name and a password as a client sent them. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const basic = /^basic +([A-Za-z0-9+/=_-]+)$/i;

/** Reads HTTP Basic credentials (https://www.rfc-editor.org/rfc/rfc7617, in UTF-8). `UNAUTHORIZED` without them. */
export function parseBasic(header: string | undefined): Credentials {
  const decoded = Buffer.from(basic.exec(header ?? '')?.[1] ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon > 0) return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
  throw new RegistryError('UNAUTHORIZED', 'Log in with a username and a password', {
    detail: { error: 'credentials_missing' },
  });
}

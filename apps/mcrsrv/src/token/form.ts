import { RegistryError } from '@mcr/core';
import { readWhole, recordOf, smallBodyMs } from '@mcr/server-kit';
import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';
import type { Credentials } from './credentials.ts';
import { noteRequested } from './requested.ts';

/** Far more than any form of credentials and scopes needs, and little enough for whoever has not logged in. */
const maxFormSize = 16 * 1024;

/**
 * Credentials of a `grant_type=password` form; `undefined` where they are in the Authorization header instead. Any other
 * grant is `NOT_FOUND`, after which every client asks with GET. `PARAMETER_INVALID` for a body that is not such a form.
 */
export async function readTokenForm(c: Context<AppEnv>): Promise<Credentials | undefined> {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded(?:;|$)/i.test(type)) {
    throw new RegistryError('PARAMETER_INVALID', 'The token request must be application/x-www-form-urlencoded');
  }
  const body = await readWhole(c.env, { what: 'A token request', limit: maxFormSize, within: smallBodyMs });
  const form = new URLSearchParams(Buffer.from(body).toString('utf8'));
  noteRequested(recordOf(c.env.incoming), form);
  if (form.get('grant_type') !== 'password') {
    throw new RegistryError('NOT_FOUND', 'Only grant_type=password is supported', {
      detail: { error: 'unsupported_grant_type' },
    });
  }
  const username = form.get('username');
  const password = form.get('password');
  return username === null || password === null ? undefined : { username, password };
}

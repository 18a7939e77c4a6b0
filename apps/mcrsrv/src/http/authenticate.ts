import type { IncomingMessage } from 'node:http';
import { type IdentityProvider, isSecretLike } from '@mcr/auth';
import { isGuest, RegistryError } from '@mcr/core';
import { recordOf } from '@mcr/server-kit';
import { type Caller, limitKey } from '../services/caller.ts';
import type { ServiceContext } from '../services/context.ts';
import { validateGuest } from '../services/identity/guests.ts';
import { login } from '../services/identity/login.ts';
import { parseBasic } from './basic.ts';
import { isRepeated } from './limit-addresses.ts';

/** Longest token that is looked at; providers issue far shorter ones. */
const maxTokenLength = 8_192;
const bearer = /^bearer +([A-Za-z0-9._~+/=-]+)$/i;
/** User agents go to logs and to the audit log; longer ones are cut. */
const maxUserAgentLength = 200;

/** Whether a request has a bearer token, good or not, instead of other credentials. */
export function bearsToken({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return /^bearer(?: |$)/i.test(headers.authorization ?? '');
}

/** The bearer token of a request, `undefined` when it carries no credentials at all. */
export function bearerToken(incoming: Pick<IncomingMessage, 'headers'>): string | undefined {
  const header = incoming.headers.authorization;
  if (header === undefined) return undefined;
  const token = header.length <= maxTokenLength ? bearer.exec(header)?.[1] : undefined;
  if (token === undefined)
    throw new RegistryError('UNAUTHORIZED', 'The Authorization header must be: Bearer <token>', {
      detail: { error: 'invalid_token' },
    });
  return token;
}

/**
 * Who sends the request. The secret of an access token is good for the admin APIs only, and a name with a password for the registry
 * only, which never asks for them. `UNAUTHORIZED` without a token or with a bad one (detail `invalid_token`), `UNAVAILABLE`, and
 * `TOOMANYREQUESTS` for an account that sends them too fast.
 */
export async function authenticate(
  services: ServiceContext,
  incoming: Pick<IncomingMessage, 'headers' | 'method'>,
  api: 'admin' | 'registry' = 'registry',
): Promise<Caller> {
  const record = recordOf(incoming);
  const token = api === 'registry' ? await tokenOf(services, incoming) : bearerToken(incoming);
  if (token === undefined) {
    record.challenged = true;
    throw new RegistryError('UNAUTHORIZED', 'Log in first: this needs a token', { detail: { error: 'token_missing' } });
  }
  if (api === 'registry' && isSecretLike(token)) {
    const message = 'An access token is no bearer token here: use it as the password of its account';
    throw new RegistryError('UNAUTHORIZED', message, { detail: { error: 'invalid_token' } });
  }
  const validated = (await validateGuest(services, token)) ?? (await validate(services.identity, token));
  const { principal, expiresAt, grant, validation } = validated;
  record.actor = principal.username;
  const { guestRequests, accountRequests } = services.limits;
  const rate = isGuest(principal) ? guestRequests : accountRequests;
  const rejection = rate?.rejection(limitKey({ principal, ip: record.ip }), isRepeated(incoming.method ?? ''));
  if (rejection !== undefined) throw rejection;
  if (grant !== undefined) services.tokenUses.note(grant.id, record.ip);
  const userAgent = incoming.headers['user-agent']?.slice(0, maxUserAgentLength);
  return {
    principal,
    expiresAt,
    ip: record.ip,
    requestId: record.id,
    ...(grant !== undefined && { grant }),
    ...(validation !== undefined && { validation }),
    ...(userAgent !== undefined && { userAgent }),
  };
}

/** The token of a request to the registry, or one for its name and password. */
async function tokenOf(
  services: ServiceContext,
  incoming: Pick<IncomingMessage, 'headers'>,
): Promise<string | undefined> {
  const { authorization } = incoming.headers;
  if (authorization === undefined || !/^basic /i.test(authorization)) return bearerToken(incoming);
  const { ip } = recordOf(incoming);
  return await services.basicLogins.tokenFor({ ...parseBasic(authorization), ip }, (input) => login(services, input));
}

async function validate(identity: IdentityProvider, token: string) {
  try {
    return await identity.validate(token);
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'UNAUTHORIZED') throw error;
    throw new RegistryError('UNAUTHORIZED', error.message, { cause: error, detail: { error: 'invalid_token' } });
  }
}

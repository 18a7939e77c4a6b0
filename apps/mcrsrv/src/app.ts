import { RegistryError } from '@mcr/core';
import { Hono } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import { authenticate } from './http/authenticate.ts';
import type { AppEnv } from './http/env.ts';
import { limitAddresses } from './http/limit-addresses.ts';
import { type ErrorContext, respondToError } from './http/respond.ts';
import { mountOci } from './oci/app.ts';
import { mountRest } from './rest/app.ts';
import type { ServiceContext } from './services/context.ts';
import { mountToken } from './token/app.ts';

/** All HTTP APIs of the public listener. Unknown paths ask for a token first, so that they tell a stranger nothing. */
export function createApp(services: ServiceContext, errors: ErrorContext): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ router: new TrieRouter() });
  app.onError((error, c) => respondToError(c, error, errors));
  const { addressRequests } = services.limits;
  if (addressRequests !== undefined) app.use(limitAddresses(addressRequests));
  mountToken(app, services);
  mountRest(app, services);
  mountOci(app, services);
  app.notFound(async (c) => {
    const refusal = await authenticate(services, c.env.incoming).then(
      () => new RegistryError('NOT_FOUND', 'There is nothing at this path'),
      (error: unknown) => error,
    );
    return await respondToError(c, refusal, errors);
  });
  return app;
}

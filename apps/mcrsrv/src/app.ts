import { RegistryError } from '@mcr/core';
import { Hono, type HonoRequest } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import { operations } from './admin/operations.ts';
import { mountRest } from './admin/rest/mount.ts';
import { authenticate } from './http/authenticate.ts';
import type { AppEnv } from './http/env.ts';
import { limitAddresses } from './http/limit-addresses.ts';
import { type ErrorContext, respondToError } from './http/respond-to-error.ts';
import { mountOci } from './oci/app.ts';
import type { QuickPulls } from './oci/quick-pulls.ts';
import type { ServiceContext } from './services/context.ts';

const noSearch = 'docker search does not work with this registry: use mcrctl repo list, podman search or the web UI';

/** Whether this is `docker search`, or what docker asks first, which it never logs in to; our own search takes `query`. */
function isDockerV1(request: HonoRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (request.path === '/v1/_ping') return true;
  return request.path === '/v1/search' && request.query('q') !== undefined && request.query('query') === undefined;
}

/** All HTTP APIs of the public listener. Unknown paths ask for a token first, so that they tell a stranger nothing. */
export function createApp(services: ServiceContext, errors: ErrorContext, quickPulls?: QuickPulls): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ router: new TrieRouter() });
  app.onError((error, c) => respondToError(c, error, errors));
  const { addressRequests } = services.limits;
  if (addressRequests !== undefined) app.use(limitAddresses(addressRequests));
  app.use('/v1/*', async (c, next) => {
    if (!isDockerV1(c.req)) return await next();
    return await respondToError(c, new RegistryError('NOT_FOUND', noSearch), errors);
  });
  mountRest(app, services, operations);
  mountOci(app, services, errors.locations, quickPulls);
  app.notFound(async (c) => {
    const error = await authenticate(services, c.env.incoming).then(
      () => new RegistryError('NOT_FOUND', 'There is nothing at this path'),
      (error: unknown) => error,
    );
    return await respondToError(c, error, errors);
  });
  return app;
}

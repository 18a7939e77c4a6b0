import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TrustedProxies } from '@mcr/server-kit';
import { createApp } from '../../src/app.ts';
import { Locations } from '../../src/http/locations.ts';
import { PublicOrigin } from '../../src/http/public-origin.ts';
import { adminRoutes, honoPath } from '../_util/routes.ts';
import type { TestServer } from '../_util/server.ts';

/** Every route of the public listener: those that Hono has, and those of the operations; a name raw or encoded is one route. */
export function registeredRoutes({ context }: TestServer): string[] {
  const { services, config } = context;
  const origin = new PublicOrigin(undefined, new TrustedProxies([]));
  const app = createApp(services, { origin, service: config.mcias.serviceName, locations: new Locations(undefined) });
  const own = app.routes.filter(({ path }) => !path.startsWith('/v1/'));
  const admin = adminRoutes.map(({ method, path }) => ({ method, path: honoPath(path) }));
  return [...new Set([...own, ...admin].map(({ method, path }) => `${method} ${path.replace('{.+}', '')}`))];
}

/** Every method of every service that the .proto files declare. */
export function declaredMethods(): string[] {
  const folder = fileURLToPath(new URL('../../../../proto', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.proto'));
  return files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const [, pkg] = /^package ([\w.]+);/m.exec(text) ?? [];
    return [...text.matchAll(/^service (\w+) \{(.*?)^\}/gms)].flatMap(([, service, body = '']) =>
      [...body.matchAll(/^ {2}rpc (\w+)/gm)].map(([, method]) => `${pkg}.${service}/${method}`),
    );
  });
}

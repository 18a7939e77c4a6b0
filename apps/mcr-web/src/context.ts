import { randomBytes } from 'node:crypto';
import type { WebConfig } from '@mcr/config';
import { type Clock, systemClock } from '@mcr/core';
import { createLogger } from '@mcr/server-kit/logger';
import type { Logger } from 'pino';
import { LiveHub } from './live/hub.ts';
import { createRegistryClient, type RegistryClient } from './registry/client.ts';
import { KnownHealth } from './registry/known-health.ts';
import { KnownOperation } from './registry/known-operation.ts';
import { SignInProviders } from './registry/sign-in-providers.ts';
import { loadStaticFiles, type StaticFiles } from './static-files.ts';

/** What pages and server share, created once; disposing it closes its resources. */
export interface WebContext extends AsyncDisposable {
  readonly config: WebConfig;
  readonly log: Logger;
  readonly clock: Clock;
  readonly registry: RegistryClient;
  /** What the registry says of itself. */
  readonly health: KnownHealth;
  /** What it tells all admins alike. */
  readonly operation: KnownOperation;
  /** Where people can sign in beside the form. */
  readonly providers: SignInProviders;
  readonly staticFiles: StaticFiles;
  /** What pages hear of while they are open. */
  readonly live: LiveHub;
  /** Signs the form of the login page; other forms are signed with the session. */
  readonly formKey: string;
}

/** Creates a context from the configuration; tests pass their own collaborators. */
export function createContext(
  config: WebConfig,
  overrides: Partial<Pick<WebContext, 'log' | 'clock'> & { readonly liveIntervalMs: number }> = {},
): WebContext {
  const registry = createRegistryClient(config.web);
  const { clock = systemClock, log = createLogger(config.log.level), liveIntervalMs: intervalMs = 2_000 } = overrides;
  const live = new LiveHub({ registry, clock, log, intervalMs });
  const health = new KnownHealth(registry, clock);
  return {
    config,
    log,
    clock,
    registry,
    health,
    operation: new KnownOperation(registry, clock),
    providers: new SignInProviders(health),
    staticFiles: loadStaticFiles(),
    live,
    formKey: randomBytes(32).toString('base64url'),
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      registry[Symbol.dispose]();
    },
  };
}

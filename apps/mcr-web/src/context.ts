import { randomBytes } from 'node:crypto';
import type { WebConfig } from '@mcr/config';
import { type Clock, systemClock } from '@mcr/core';
import { createLogger } from '@mcr/server-kit/logger';
import type { Logger } from 'pino';
import { createRegistryClient, type RegistryClient } from './registry/client.ts';
import { SignInProviders } from './registry/sign-in-providers.ts';
import { loadStaticFiles, type StaticFiles } from './static-files.ts';

/** What pages and server share, created once; disposing it closes its resources. */
export interface WebContext extends AsyncDisposable {
  readonly config: WebConfig;
  readonly log: Logger;
  readonly clock: Clock;
  readonly registry: RegistryClient;
  /** Where people can sign in beside the form. */
  readonly providers: SignInProviders;
  readonly staticFiles: StaticFiles;
  /** Signs the form of the login page; other forms are signed with the session. */
  readonly formKey: string;
}

/** Creates a context from the configuration; tests pass their own collaborators. */
export function createContext(
  config: WebConfig,
  overrides: Partial<Pick<WebContext, 'log' | 'clock'>> = {},
): WebContext {
  const registry = createRegistryClient(config.web);
  const { clock = systemClock } = overrides;
  return {
    config,
    log: overrides.log ?? createLogger(config.log.level),
    clock,
    registry,
    providers: new SignInProviders(registry, clock),
    staticFiles: loadStaticFiles(),
    formKey: randomBytes(32).toString('base64url'),
    async [Symbol.asyncDispose]() {
      registry[Symbol.dispose]();
    },
  };
}

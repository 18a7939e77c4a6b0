import type { WebConfig } from '@mcr/config';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { createRegistryClient, type RegistryClient } from './registry/client.ts';
import { loadStaticFiles, type StaticFiles } from './static-files.ts';

/** Everything that pages and server work with, made once; disposing it closes what it holds. */
export interface WebContext extends AsyncDisposable {
  readonly config: WebConfig;
  readonly log: Logger;
  readonly registry: RegistryClient;
  readonly staticFiles: StaticFiles;
}

/** Makes a context as the configuration says; tests pass collaborators of their own. */
export function createContext(config: WebConfig, overrides: Partial<Pick<WebContext, 'log'>> = {}): WebContext {
  const registry = createRegistryClient(config.web);
  return {
    config,
    log: overrides.log ?? pino({ level: config.log.level, timestamp: stdTimeFunctions.isoTime }),
    registry,
    staticFiles: loadStaticFiles(),
    async [Symbol.asyncDispose]() {
      registry[Symbol.dispose]();
    },
  };
}

import type { Client } from '../api/client.ts';
import type { Printer } from '../output/printer.ts';
import { resolveSettings, type Settings } from '../settings/settings.ts';
import type { GlobalArguments } from './global-options.ts';
import type { Io } from './io.ts';

/** Makes what one invocation works with; disposing closes its connections. */
export function createContext(args: GlobalArguments, io: Io, print: Printer): CommandContext & Disposable {
  const connections = new DisposableStack();
  const settings = once((): Settings => resolveSettings(args, io.env));
  return {
    io,
    print,
    settings,
    client: once(async () => {
      const { createClient } = await import('../api/client.ts');
      return connections.use(createClient(settings(), io, print));
    }),
    [Symbol.dispose]: () => {
      print.clear();
      connections.dispose();
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What a command works with. The client is loaded when it is first asked for, so that help needs none. */
export interface CommandContext {
  readonly io: Io;
  readonly print: Printer;
  /** The settings from flags, environment and profile; throws a CliError if a profile cannot be read. */
  readonly settings: () => Settings;
  /** A client of the registry; throws a usage error if no server is given. */
  readonly client: () => Promise<Client>;
}

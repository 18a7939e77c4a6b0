import type { Printer } from '../output/printer.ts';
import { resolveSettings, type Settings } from '../settings/settings.ts';
import type { CommandContext } from './context.ts';
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
      return connections.use(createClient(settings(), io));
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

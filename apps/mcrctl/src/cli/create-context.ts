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
    rest: once(async () => {
      const { createRestClient } = await import('../rest/client.ts');
      return connections.use(createRestClient(settings(), io));
    }),
    rpc: once(async () => {
      const { createRpcClient } = await import('../rpc/client.ts');
      return connections.use(createRpcClient(settings(), io));
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

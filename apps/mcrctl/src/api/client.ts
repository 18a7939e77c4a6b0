import type { DescMethodUnary } from '@bufbuild/protobuf';
import type { Io } from '../cli/io.ts';
import type { Hints } from '../failures/rejection.ts';
import type { Printer } from '../output/printer.ts';
import { showWaiting } from '../output/waiting.ts';
import type { Settings } from '../settings/settings.ts';
import { targetsOf } from '../settings/target.ts';
import type { Input, Output } from './json.ts';
import { isRest, loadMethod, type Method, type MethodName } from './methods.ts';

/** Describes a call for error messages. */
export interface About {
  /** The action, such as `create the account ci`. */
  readonly to: string;
  /** Hints that fit this call better than the usual ones. */
  readonly hints?: Hints;
}

/** The admin API of one registry, with the field names of its JSON. All methods throw CliErrors. */
export interface Client extends Disposable {
  /** Origin of the registry, such as `https://localhost:8443`. */
  readonly server: string;
  /** Calls a method, with the token if it needs one. */
  call<Name extends MethodName>(name: Name, input: InputOf<Name>, about: About): Promise<OutputOf<Name>>;
  /** Yields a list page by page, at most `limit` items; `itemsOf` extracts them from a response. */
  pages<Name extends MethodName, Item>(
    name: Name,
    input: InputOf<Name>,
    about: About & { readonly limit?: number | undefined },
    itemsOf: (response: OutputOf<Name>) => readonly Item[],
  ): AsyncGenerator<readonly Item[]>;
}

type InputOf<Name extends MethodName> = Input<Method<Name>['input']>;
type OutputOf<Name extends MethodName> = Output<Method<Name>['output']>;

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** One transport of the API. */
export interface Transport extends Disposable {
  /** Sends a request and returns the response message. Throws a CliError. */
  send(method: DescMethodUnary, input: JsonObject, about: About): Promise<JsonObject>;
}

/** Page size: few requests for long lists, and the first items appear soon. */
const pageSize = 200;

/** Creates a client for the settings; throws a usage error if they do not name a valid server. */
export function createClient(settings: Settings, io: Io, print: Pick<Printer, 'progress' | 'clear'>): Client {
  const targets = targetsOf(settings, io);
  const connections = new DisposableStack();
  const connect = {
    rest: async () => (await import('./rest.ts')).createRest(targets.rest, settings, io),
    rpc: async () => (await import('./connect.ts')).createConnect(targets.rpc, settings, io),
  };
  const open: { [Name in keyof typeof connect]?: Promise<Transport> } = {};

  const send = async (name: MethodName, input: object, about: About): Promise<JsonObject> => {
    const kind = isRest(name) ? 'rest' : 'rpc';
    const transport = (open[kind] ??= connect[kind]().then((made) => connections.use(made)));
    const given = Object.entries(input).filter(([, value]) => value !== undefined);
    const sent = (await transport).send(await loadMethod(name), Object.fromEntries(given), about);
    return showWaiting(sent, about.to, { print, clock: io.clock });
  };

  return {
    server: targets.rest.address,
    call: (name, input, about) => send(name, input, about) as never,
    async *pages(name, input, { limit = Number.POSITIVE_INFINITY, ...about }, itemsOf) {
      let left = limit;
      let next: JsonObject | undefined = {};
      while (next !== undefined && left > 0) {
        const page = await send(name, { ...input, page_size: Math.min(left, pageSize), ...next }, about);
        const items = itemsOf(page as never);
        yield items.slice(0, left);
        left -= items.length;
        next = page['next_page_token'] ? { page_token: page['next_page_token'] } : undefined;
      }
    },
    [Symbol.dispose]: () => connections.dispose(),
  };
}

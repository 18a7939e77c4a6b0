import type { Printer } from '../output/printer.ts';
import type { RestClient } from '../rest/client.ts';
import type { RpcClient } from '../rpc/client.ts';
import type { Settings } from '../settings/settings.ts';
import type { Io } from './io.ts';

/** What a command works with. Clients are loaded when they are first asked for, so that help needs none. */
export interface CommandContext {
  readonly io: Io;
  readonly print: Printer;
  /** What flags, environment and profile say; throws a CliError when a profile cannot be read. */
  readonly settings: () => Settings;
  /** A client of the REST API; throws a usage error when no server is named. */
  readonly rest: () => Promise<RestClient>;
  /** A client of the gRPC API; throws as `rest` does. */
  readonly rpc: () => Promise<RpcClient>;
}

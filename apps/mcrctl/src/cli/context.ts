import type { Printer } from '../output/printer.ts';
import type { RestClient } from '../rest/client.ts';

/** What a command works with. Clients are loaded when they are first asked for, so that help needs none. */
export interface CommandContext {
  readonly print: Printer;
  /** A client of the REST API; throws a usage error when no server is named. */
  readonly rest: () => Promise<RestClient>;
}

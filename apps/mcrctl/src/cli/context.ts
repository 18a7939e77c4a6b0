import type { Client } from '../api/client.ts';
import type { Printer } from '../output/printer.ts';
import type { Settings } from '../settings/settings.ts';
import type { Io } from './io.ts';

/** What a command works with. The client is loaded when it is first asked for, so that help needs none. */
export interface CommandContext {
  readonly io: Io;
  readonly print: Printer;
  /** What flags, environment and profile say; throws a CliError when a profile cannot be read. */
  readonly settings: () => Settings;
  /** A client of the registry; throws a usage error when no server is named. */
  readonly client: () => Promise<Client>;
}

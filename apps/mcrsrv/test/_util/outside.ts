import { join } from 'node:path';
import { runOk } from '@mcr/testkit';
import type { TestServer } from './server.ts';

/**
 * Changes the database as another process would. Never within this one: a second SQLite library here would drop the
 * locks of the registry's.
 */
export async function sqlFromOutside({ directory }: Pick<TestServer, 'directory'>, sql: string): Promise<void> {
  const script = `new (require('node:sqlite').DatabaseSync)(process.argv[1], { timeout: 5000 }).exec(process.argv[2])`;
  await runOk(process.execPath, ['--eval', script, join(directory, 'mcr.db'), sql]);
}

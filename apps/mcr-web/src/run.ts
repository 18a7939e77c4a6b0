import { once } from 'node:events';
import { ConfigError, checkPermissions, type Environment, loadWebConfig } from '@mcr/config';
import { nodeVersionProblem } from '@mcr/core';
import { parseArguments, UsageError } from './cli.ts';
import { createContext } from './context.ts';
import { ListenError, startServer } from './server.ts';

/** What of the process the program touches. */
export interface Surroundings {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Environment;
  /** Aborted when the process is told to end. */
  readonly stop: AbortSignal;
}

/** Runs one command line and returns what to exit with: 0 done, 1 failed, 2 wrong usage. Bugs are thrown. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const invocation = await parseArguments(argv);
    if ('text' in invocation) surroundings.stdout(invocation.text);
    else await serve(invocation.configFile, surroundings);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) return fail(2, error, surroundings);
    if (error instanceof ConfigError || error instanceof ListenError || error instanceof RuntimeError)
      return fail(1, error, surroundings);
    throw error;
  }
}

/** The program is fine, and what runs it is not. */
class RuntimeError extends Error {}

async function serve(configFile: string, { env, stop }: Surroundings): Promise<void> {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem !== undefined) throw new RuntimeError(problem);
  const config = loadWebConfig({ path: configFile, env });
  await using context = createContext(config);
  await using server = await startServer(context);
  for (const { key, message } of checkPermissions(config, configFile).warnings) context.log.warn({ key }, message);
  context.log.info({ url: server.url }, 'listening');
  if (!stop.aborted) await once(stop, 'abort');
  context.log.info('stopping');
}

function fail(exitCode: number, error: Error, { stderr }: Surroundings): number {
  stderr(`error: ${error.message}\n`);
  return exitCode;
}

import { once } from 'node:events';
import { ConfigError, checkPermissions, type Environment, loadWebConfig, StartError } from '@mcr/config';
import { nodeVersionProblem } from '@mcr/core';
import { examineStart, type Findings } from './check.ts';
import { parseArguments, UsageError } from './cli.ts';
import { createContext } from './context.ts';
import { startServer } from './server.ts';

/** The parts of the process that the program uses. */
export interface Surroundings {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Environment;
  /** Aborted when the process is asked to stop. */
  readonly stop: AbortSignal;
}

/** Runs one command line and returns the exit code: 0 success, 1 failure, 2 invalid usage. Rethrows bugs. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const invocation = await parseArguments(argv);
    if ('text' in invocation) surroundings.stdout(invocation.text);
    else if (invocation.command === 'check') return await check(invocation, surroundings);
    else await serve(invocation.configFile, surroundings);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) return fail(2, error, surroundings);
    if (error instanceof ConfigError || error instanceof StartError || error instanceof RuntimeError)
      return fail(1, error, surroundings);
    throw error;
  }
}

/** An error of the environment, not a bug of the program. */
class RuntimeError extends Error {}

interface CheckInvocation {
  readonly configFile: string;
  readonly json: boolean;
}

async function check({ configFile, json }: CheckInvocation, { env, stdout, stderr }: Surroundings): Promise<number> {
  assertNode();
  const { problems, warnings } = await examine(configFile, env);
  if (json) stdout(`${JSON.stringify({ ok: problems.length === 0, problems, warnings })}\n`);
  else {
    for (const { key, message } of warnings) stderr(`warning: ${key}: ${message}\n`);
    for (const { key, message } of problems) stderr(`${key}: ${message}\n`);
    if (problems.length === 0) stdout('ok\n');
  }
  return problems.length === 0 ? 0 : 1;
}

async function examine(configFile: string, env: Environment): Promise<Findings> {
  try {
    const config = loadWebConfig({ path: configFile, env });
    const { problems, warnings } = await examineStart(config);
    return { problems, warnings: [...checkPermissions(config, configFile).warnings, ...warnings] };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}

async function serve(configFile: string, { env, stop }: Surroundings): Promise<void> {
  assertNode();
  const config = loadWebConfig({ path: configFile, env });
  await using context = createContext(config);
  await using server = await startServer(context);
  for (const { key, message } of checkPermissions(config, configFile).warnings) context.log.warn({ key }, message);
  context.log.info({ url: server.url, metricsUrl: server.metricsUrl }, 'listening');
  if (!stop.aborted) await once(stop, 'abort');
  context.log.info('stopping');
}

function assertNode(): void {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem !== undefined) throw new RuntimeError(problem);
}

function fail(exitCode: number, error: Error, { stderr }: Surroundings): number {
  stderr(`error: ${error.message}\n`);
  return exitCode;
}

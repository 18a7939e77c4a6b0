// `npm start`: builds, creates ./srv on the first run, then runs the server and the web UI until a signal. `--dir X` (or
// MCR_TEST_SRV) puts the data elsewhere; `--watch` (`npm run dev`) runs the sources and restarts when they change.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '@mcr/config';
import { type App, bundlePath, root } from '../paths.ts';
import { run } from '../run.ts';
import { reachable } from './addresses.ts';
import { nextSteps } from './next-steps.ts';
import { waitUntilReady } from './ready.ts';
import { supervise } from './supervise.ts';

const { values } = parseArgs({ options: { dir: { type: 'string' }, watch: { type: 'boolean', default: false } } });
const { env } = process;
const dir = resolve(values.dir ?? env.MCR_TEST_SRV ?? join(root, 'srv'));
const configFile = join(dir, 'mcr.toml');

if (!values.watch) await must('node', ['packages/tools/src/build/build.ts']);
if (!existsSync(configFile)) await must('node', [entry('mcrsrv'), 'init', '--dir', dir]);

const config = readConfig();
const stopped = new AbortController();
const ready = announce(stopped.signal);
process.exitCode = await supervise([
  { name: 'mcrsrv', args: serve('mcrsrv'), env },
  { name: 'mcr-web', args: serve('mcr-web'), env: { ...followGrpcPort(), ...env } },
]);
stopped.abort();
await ready;

function entry(app: App): string {
  return values.watch ? join(root, 'apps', app, 'src', 'main.ts') : bundlePath(app);
}

function serve(app: App): string[] {
  return [...(values.watch ? ['--watch'] : []), entry(app), 'server', '--config', configFile];
}

async function must(command: string, args: string[]): Promise<void> {
  const { code, output } = await run(command, args, { capture: false });
  if (code === 0) return;
  console.error(output);
  process.exit(code);
}

function readConfig(): ReturnType<typeof loadConfig> {
  try {
    return loadConfig({ path: configFile, env });
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}

/** Moving the server's gRPC port by its variable moves where the UI looks for it. */
function followGrpcPort(): NodeJS.ProcessEnv {
  const { grpcAddr } = config.server;
  return env.MCR_SERVER_GRPC_ADDR && grpcAddr ? { MCR_WEB_GRPC_ADDR: reachable(grpcAddr) } : {};
}

async function announce(signal: AbortSignal): Promise<void> {
  const url = new URL('/v1/ready', `https://${reachable(config.server.listenAddr)}`);
  const problem = await waitUntilReady(url, join(dir, 'tls', 'ca.crt'), signal);
  if (signal.aborted) return;
  console.log(problem === undefined ? nextSteps(config, dir) : `mcrsrv is not ready at ${url.href}: ${problem}`);
}

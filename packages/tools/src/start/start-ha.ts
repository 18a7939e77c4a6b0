// `npm run start:ha`: builds, then runs what docs/scale-out.md describes on this machine: PostgreSQL, an S3 server, two replicas of
// mcrsrv behind haproxy, and mcr-web. The first run creates ./srv-ha; `--dir X` puts the data elsewhere.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '@mcr/config';
import { bundlePath, root } from '../paths.ts';
import { run } from '../run.ts';
import { haproxyConfig, mcrToml, ports, replicaEnv } from './ha-config.ts';
import { prepareHa } from './ha-directory.ts';
import { nextSteps } from './next-steps.ts';
import { waitUntilReady } from './ready.ts';
import { findPostgres, findProgram, type Service, startService } from './services.ts';
import { supervise } from './supervise.ts';

const { values } = parseArgs({ options: { dir: { type: 'string' } } });
const dir = resolve(values.dir ?? join(root, 'srv-ha'));
const configFile = join(dir, 'mcr.toml');
const programs = findPrograms();

await must('node', ['packages/tools/src/build/build.ts']);
const commands = await prepareHa(dir, programs, { toml: mcrToml(), haproxy: haproxyConfig(dir) });
const services: Service[] = [];
try {
  for (const command of [commands.postgres, commands.s3]) services.push(await startService(command, giveUp));
  await must('node', [bundlePath('mcrsrv'), 'init', '--dir', dir]);
  const config = loadConfig({ path: configFile, env: process.env });
  const stopped = new AbortController();
  const ready = announce(stopped.signal);
  process.exitCode = await supervise([
    ...[1, 2].map((number) => ({
      name: `replica ${number}`,
      args: [bundlePath('mcrsrv'), 'server', '--config', configFile],
      env: { ...process.env, ...replicaEnv(number) },
    })),
    { name: 'haproxy', command: programs.haproxy, args: ['-db', '-f', join(dir, 'haproxy.cfg')], env: process.env },
    { name: 'mcr-web', args: [bundlePath('mcr-web'), 'server', '--config', configFile], env: process.env },
  ]);
  stopped.abort();
  await ready;

  async function announce(signal: AbortSignal): Promise<void> {
    const url = new URL('/v1/ready', `https://localhost:${ports.registry}`);
    const problem = await waitUntilReady(url, join(dir, 'tls', 'ca.crt'), signal);
    if (signal.aborted) return;
    console.log(
      problem === undefined
        ? `${nextSteps(config, dir)}\n${whatRuns()}`
        : `The registry is not ready at ${url.href}: ${problem}`,
    );
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  // The database goes last: those that use it have ended.
  for (const service of services.toReversed()) await service.stop();
}

function findPrograms(): { readonly postgres: string; readonly versitygw: string; readonly haproxy: string } {
  const [postgres, versitygw, haproxy] = [findPostgres(), findProgram('versitygw'), findProgram('haproxy')];
  if (postgres !== undefined && versitygw !== undefined && haproxy !== undefined)
    return { postgres, versitygw, haproxy };
  const missing = [
    postgres === undefined && 'PostgreSQL    apt-get install postgresql',
    versitygw === undefined && 'versitygw     go install github.com/versity/versitygw/cmd/versitygw@v1.8.0',
    haproxy === undefined && 'haproxy       apt-get install haproxy',
  ].filter((line) => line !== false);
  console.error(`npm run start:ha needs programs that are not installed:\n  ${missing.join('\n  ')}`);
  process.exit(1);
}

function whatRuns(): string {
  const lines = [
    'What runs, on 127.0.0.1:',
    `  haproxy     ${ports.registry} (registry), ${ports.grpc} (gRPC), in turn to`,
    `  replicas    ${[1, 2].map((number) => replicaEnv(number).MCR_SERVER_LISTEN_ADDR.split(':')[1]).join(' and ')}: kill one and push on`,
    `  PostgreSQL  ${ports.postgres}`,
    `  S3          ${ports.s3}, with the bucket registry`,
    `  mcr-web     ${ports.web}`,
  ];
  return `${lines.map((line) => `  ${line}`).join('\n')}\n`;
}

async function must(command: string, args: string[]): Promise<void> {
  const { code, output } = await run(command, args, { capture: false });
  if (code === 0) return;
  throw new Error(output || `${args.join(' ')} ended with ${code}`);
}

function giveUp(message: string): void {
  console.error(message);
  process.kill(process.pid, 'SIGTERM');
}

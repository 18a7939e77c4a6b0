import { get } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '@mcr/cli';
import { type Config, formatAddress } from '@mcr/config';
import { defineCommand } from './command.ts';
import { configOption, readConfig } from './options.ts';
import { print } from './output.ts';

const betweenTriesMs = 200;
/** A server that is alive but needs longer than this is of no use to its clients. */
const responseTimeoutMs = 5_000;
/** Where to knock at a listener that is on every interface. */
const loopback: Readonly<Record<string, string>> = { '': '127.0.0.1', '0.0.0.0': '127.0.0.1', '::': '::1' };

/** `mcrsrv health`: whether the server of this configuration is ready, for containers and service managers. */
export const healthCommand = defineCommand({
  name: 'health',
  describe: 'Ask the running server whether it is ready; exits with 1 if it is not',
  options: {
    ...configOption,
    wait: {
      type: 'number',
      requiresArg: true,
      default: 0,
      value: 'SECONDS',
      describe: 'Seconds to keep asking until it is',
    },
    live: { type: 'boolean', default: false, describe: 'Ask only whether it serves, with all its disks or not' },
    pid: { type: 'number', requiresArg: true, describe: 'Stop waiting when this process is gone' },
  },
  examples: [
    ['mcrsrv health --config /srv/mcr/mcr.toml', 'Ask once'],
    ['mcrsrv health --wait 60 --pid $MAINPID', 'After starting it'],
  ],
  run: async ({ config, wait, pid, live }) => {
    const url = urlOf(readConfig(config), live ? '/v1/health' : '/v1/ready');
    const deadline = Date.now() + wait * 1_000;
    for (;;) {
      const problem = await ask(url);
      if (problem === undefined) return print(live ? 'live' : 'ready');
      if (Date.now() >= deadline) throw new CliError(`${url.origin} is not ${live ? 'live' : 'ready'}: ${problem}`);
      if (pid !== undefined && !isRunning(pid)) throw new CliError(`Process ${pid} has ended; its log says why`);
      await sleep(betweenTriesMs);
    }
  },
});

function urlOf({ server }: Config, path: string): URL {
  const { host, port } = server.listenAddr;
  return new URL(path, `https://${formatAddress({ host: loopback[host] ?? host, port })}`);
}

/** Why the server is not ready, or undefined. Its certificate is made out to another name, and no secret is sent. */
function ask(url: URL): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { rejectUnauthorized: false, agent: false, timeout: responseTimeoutMs };
    const request = get(url, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `it responds with ${response.statusCode}; its log says why`);
    });
    request.on('timeout', () => request.destroy(new Error('it does not respond')));
    request.on('error', (error) => resolve(error.message));
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

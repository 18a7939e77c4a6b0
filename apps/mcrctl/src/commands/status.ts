import { defineCommand } from '../cli/command.ts';
import { CliError } from '../cli/errors.ts';

/** `mcrctl status`: `GET /v1/health` says whether it is up, `GET /v1/ready` whether it can work. */
export const statusCommand = defineCommand({
  name: 'status',
  describe: 'Show whether the registry is up and can work, and its version',
  options: {},
  examples: [
    ['mcrctl status --server https://localhost:8443 --ca-cert srv/tls/ca.crt', 'Ask the registry that npm start runs'],
    ['mcrctl status --json', 'Ask the registry that MCR_SERVER names, for a script'],
  ],
  async run({ print, rest }) {
    const client = await rest();
    const { version } = await client.health();
    const { status, checks } = await client.ready();
    print.facts([['server', client.server], ['status', status], ['version', version], ...Object.entries(checks)], {
      server: client.server,
      status,
      version,
      checks,
    });
    if (status !== 'ready') throw notReady(checks);
  },
});

function notReady(checks: Readonly<Record<string, string>>): CliError {
  const failed = Object.keys(checks).filter((name) => checks[name] !== 'ok');
  const what = failed.length === 0 ? 'a part that it needs does not answer' : `it has no ${failed.join(' and no ')}`;
  return new CliError(`the registry is up but cannot work: ${what}`, { hint: "the server's log says why" });
}

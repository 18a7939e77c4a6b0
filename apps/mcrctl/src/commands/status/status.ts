import type { GetStatisticsResponse, ReadyResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import type { CommandContext } from '../../cli/context.ts';
import { CliError } from '../../cli/errors.ts';
import type { Field } from '../../output/field.ts';
import { formatSize } from '../../output/format.ts';
import type { Fact } from '../../output/layout.ts';
import { getCaller } from '../auth/whoami.ts';

type Counts = Json<GetStatisticsResponse>;

interface Status extends Json<ReadyResponse> {
  readonly server: string;
  readonly version: string;
  readonly commit: string | undefined;
  readonly counts: Counts | undefined;
}

const fields: readonly Field<Status>[] = [
  { name: 'server', describe: 'URL of the registry' },
  {
    name: 'status',
    describe: '`ready`, or `unavailable` if a part does not work',
    tones: { ready: 'green', unavailable: 'red' },
  },
  { name: 'version', describe: 'Version of the server' },
  { name: 'commit', describe: 'Commit that the server was built from; null if unknown' },
  { name: 'checks', kind: 'object', describe: 'Parts of the server, each `ok` or `failed`' },
  { name: 'counts', kind: 'object', describe: 'Counts of what is stored; null unless the caller is an admin' },
];

/** `mcrctl status`: whether the registry is up and ready, and for an admin how much is stored. */
export const statusCommand = defineCommand({
  name: 'status',
  describe: 'Show whether the registry is up and ready, its version, and how much is stored',
  options: {},
  examples: [
    [
      'mcrctl status --server https://localhost:8443 --ca-cert srv/tls/ca.crt',
      'Check the registry that npm start runs',
    ],
    ['mcrctl status --json', 'Check the registry of the last login, for a script'],
  ],
  fields,
  async run(context) {
    const { print } = context;
    const api = await context.client();
    const to = 'read the status';
    const { version, commit } = await api.call('admin.health', {}, { to });
    const { status, checks } = await api.call('admin.ready', {}, { to });
    const counts = status === 'ready' ? await countIfAllowed(context) : undefined;
    const facts = [...Object.entries(checks), ...describeCounts(counts, context.io.stdout.isTerminal)];
    print.item(fields, { server: api.server, status, version, commit, checks, counts }, facts);
    if (status !== 'ready') throw notReady(checks);
  },
});

/** The status is public; counts are added for callers that may see them. */
async function countIfAllowed({ io, settings, client, print }: CommandContext): Promise<Counts | undefined> {
  if (settings().token.value === undefined) return undefined;
  try {
    const api = await client();
    // Requesting counts without the role would be audited as a denial.
    const { roles } = (await getCaller(api)).principal;
    return roles.includes('admin')
      ? await api.call('admin.getStatistics', {}, { to: 'count what is stored' })
      : undefined;
  } catch (error) {
    if (io.signal.aborted || !(error instanceof CliError)) throw error;
    print.say(error.message);
    return undefined;
  }
}

function describeCounts(counts: Counts | undefined, forPeople: boolean): Fact[] {
  if (counts === undefined) return [];
  const { blob_bytes: bytes, ...numbers } = counts;
  const facts = Object.entries(numbers).map(([name, count]): Fact => [name, String(count)]);
  return [...facts, ['blob_bytes', forPeople ? formatSize(bytes) : String(bytes)]];
}

function notReady(checks: Readonly<Record<string, string>>): CliError {
  const failed = Object.keys(checks).filter((name) => checks[name] !== 'ok');
  const what = failed.length === 0 ? 'a part that it needs does not respond' : `it has no ${failed.join(' and no ')}`;
  return new CliError(`the registry is up but not ready: ${what}`, { hint: "the server's log says why" });
}

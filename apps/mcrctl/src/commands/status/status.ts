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
  readonly policy_default: string | undefined;
}

/** What only an admin may see. */
type Inside = Pick<Status, 'counts' | 'policy_default'>;

const fields: readonly Field<Status>[] = [
  { name: 'server', describe: 'URL of the registry' },
  {
    name: 'status',
    describe: '`ready`, `degraded` if the identity service or S3 does not respond, or `unavailable`',
    tones: { ready: 'green', degraded: 'yellow', unavailable: 'red' },
  },
  { name: 'version', describe: 'Version of the server' },
  { name: 'commit', describe: 'Commit that the server was built from; null if unknown' },
  { name: 'checks', kind: 'object', describe: 'Parts of the server, each `ok` or `failed`' },
  { name: 'counts', kind: 'object', describe: 'Counts of what is stored; null unless the caller is an admin' },
  {
    name: 'policy_default',
    kind: 'object',
    describe: 'What applies where no rule says anything, `open` or `closed`; null unless the caller is an admin',
  },
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
    const inside = (status !== 'unavailable' ? await lookInside(context) : undefined) ?? nothing;
    const facts = [...Object.entries(checks), ...describeInside(inside, context.io.stdout.isTerminal)];
    print.item(fields, { server: api.server, status, version, commit, checks, ...inside }, facts);
    if (status === 'degraded') {
      if (checks['storage'] === 'failed') print.say('S3 does not respond: transfers of blobs fail, the rest works');
      else print.say('the identity service does not respond: logins fail, known tokens work');
    }
    if (status === 'unavailable') throw notReady(checks);
  },
});

const nothing: Inside = { counts: undefined, policy_default: undefined };

/** The status is public; more is added for callers that may see it. */
async function lookInside({ io, settings, client, print }: CommandContext): Promise<Inside | undefined> {
  if (settings().token.value === undefined) return undefined;
  try {
    const api = await client();
    // Requesting counts without the role would be audited as a denial.
    const { roles } = (await getCaller(api)).principal;
    if (!roles.includes('admin')) return undefined;
    const counts = await api.call('admin.getStatistics', {}, { to: 'count what is stored' });
    const rules = await api.call('policy.listPolicyRules', { page_size: 1 }, { to: 'read the policy' });
    return { counts, policy_default: rules.policy_default || 'open' };
  } catch (error) {
    if (io.signal.aborted || !(error instanceof CliError)) throw error;
    print.say(error.message);
    return undefined;
  }
}

function describeInside({ counts, policy_default: policyDefault }: Inside, forPeople: boolean): Fact[] {
  if (counts === undefined) return [];
  const { blob_bytes: bytes, ...numbers } = counts;
  const facts = Object.entries(numbers).map(([name, count]): Fact => [name, String(count)]);
  const size = forPeople ? formatSize(bytes) : String(bytes);
  return [...facts, ['blob_bytes', size], ['policy_default', policyDefault ?? '']];
}

function notReady(checks: Readonly<Record<string, string>>): CliError {
  const failed = Object.keys(checks).filter((name) => checks[name] !== 'ok');
  const what = failed.length === 0 ? 'a part that it needs does not respond' : `it has no ${failed.join(' and no ')}`;
  return new CliError(`the registry is up but not ready: ${what}`, { hint: "the server's log says why" });
}

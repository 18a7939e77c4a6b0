import type { SearchHit } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import type { Field } from '../../output/field.ts';
import { shortDigest } from '../../output/format.ts';

type Hit = Json<SearchHit>;

const fields: readonly Field<Hit>[] = [
  {
    name: 'kind',
    column: 'KIND',
    whole: true,
    describe: '`repository`, `tag`, `manifest` or `account`',
    reference: (hit) => nameOf(hit),
  },
  {
    name: 'repository',
    column: 'NAME',
    text: (hit) => nameOf(hit),
    brief: (hit) => nameOf(hit, shortDigest),
    describe: 'Repository; null for accounts',
  },
  { name: 'tag', describe: 'Tag; null for other kinds' },
  { name: 'digest', describe: 'Digest of a manifest; null for other kinds' },
  { name: 'username', describe: 'Name of an account; null for other kinds' },
];

/** `mcrctl search`: RegistryService.Search. */
export const searchCommand = defineCommand({
  name: 'search <query>',
  describe: 'Find repositories, tags, manifests and, for admins, accounts by what you type or paste',
  positionals: { query: { describe: 'Part of a name, beginning of a tag or a digest, reference or pull command' } },
  options: { limit: { ...limitOption.limit, describe: 'Maximum number of each kind, up to 50 (default: 10)' } },
  examples: [
    ['mcrctl search checkout', 'Find repositories and tags'],
    ['mcrctl search 9f1c2ab4', 'Find manifests by six or more characters of their digest'],
    ["mcrctl search 'docker pull registry.example.com/team/app:1.2'", 'Find what a command names'],
  ],
  fields,
  async run({ print, client }, { query, limit }) {
    const most = parseCount(limit, '--limit');
    const input = { query, limit: Math.min(most ?? 0, maxHits) };
    const { hits } = await (await client()).call('registry.search', input, { to: 'search' });
    await print.list(fields, pageOf(hits), 'Nothing found');
  },
});

/** What commands call it: `team/app`, `team/app:1.0`, `team/app@sha256:…`, `alice`. */
function nameOf({ repository = '', tag, digest, username }: Hit, render = (text: string): string => text): string {
  if (username !== undefined) return username;
  if (tag !== undefined) return `${repository}:${tag}`;
  return digest === undefined ? repository : `${repository}@${render(digest)}`;
}

/** What the server gives of each kind at most. */
const maxHits = 50;

async function* pageOf(hits: readonly Hit[]): AsyncGenerator<readonly Hit[]> {
  yield hits;
}

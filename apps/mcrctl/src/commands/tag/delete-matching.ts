import type { TagDeletionPlan } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Client } from '../../api/client.ts';
import { type Json, needed } from '../../api/json.ts';
import type { CommandContext } from '../../cli/context.ts';
import { confirmDestruction } from '../../input/confirm.ts';
import type { Field } from '../../output/field.ts';
import { formatCount, formatSize } from '../../output/format.ts';
import { onePage } from '../../output/printer.ts';
import { sayPending } from '../gc/pending.ts';
import type { ListedTag } from './list.ts';
import { findTags, type Selects } from './matching.ts';

/** A tag that is, or would be, deleted. */
export interface DeletedTag {
  readonly repository: string;
  readonly name: string;
  readonly digest?: string | undefined;
  readonly updated_at?: string | undefined;
  readonly other_tags?: readonly string[] | undefined;
}

/** Fields of a deleted tag. */
export const deletedTagFields: readonly Field<DeletedTag>[] = [
  {
    name: 'name',
    column: 'TAG',
    describe: 'Deleted tag',
    reference: ({ repository, name }) => `${repository}:${name}`,
  },
  { name: 'digest', kind: 'digest', column: 'DIGEST', describe: 'Digest of the manifest that it pointed to' },
  { name: 'updated_at', kind: 'time', column: 'UPDATED', describe: 'Time of its last change' },
  {
    name: 'other_tags',
    kind: 'list',
    column: 'ALSO TAGGED',
    describe: 'Tags of the same manifest that remain, at most 20',
  },
  { name: 'repository', describe: 'Repository that contained it' },
];

/** How to delete them. */
export interface DeleteOptions {
  readonly repository: string;
  readonly selects: Selects;
  readonly keepManifests: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** Whether the output is for a program that gets the deleted tags once they are deleted. */
  readonly structured: boolean;
}

/** As many tags as the API takes for one plan. */
const maxTags = 1_000;

/**
 * Deletes the selected tags of a repository by plan: what is confirmed is what is deleted, or nothing. More tags than one plan
 * takes are planned and confirmed one thousand after the other.
 */
export async function deleteMatching(context: CommandContext, options: DeleteOptions): Promise<void> {
  const { print } = context;
  const { repository, selects, dryRun, structured } = options;
  const client = await context.client();
  const { selected, total } = await findTags(context, client, repository, selects);
  print.say(`${selected.length} of ${formatCount(total, 'tag')} of ${repository} match`);
  for (let start = 0; start < selected.length; start += maxTags) {
    const tags = selected.slice(start, start + maxTags);
    const plan = await planDeletion(client, tags, options);
    const rows = rowsOf(plan, tags);
    const show = (): Promise<void> => print.list(deletedTagFields, onePage(rows), '');
    if (!structured || dryRun) await show();
    print.say(`${dryRun ? 'Would delete' : 'To delete'}: ${describePlan(plan)}`);
    if (dryRun) continue;
    await execute(context, client, plan, options);
    if (structured) await show();
  }
  if (selected.length > 0 && !dryRun) await sayPending(context);
}

async function planDeletion(
  client: Client,
  tags: readonly ListedTag[],
  { repository, keepManifests }: DeleteOptions,
): Promise<Json<TagDeletionPlan>> {
  const input = { repository, tags: tags.map(({ name }) => name), keep_manifests: keepManifests };
  const about = { to: `plan the deletion of ${formatCount(tags.length, 'tag')} of ${repository}` };
  return needed((await client.call('registry.planTagDeletion', input, about)).plan, 'plan');
}

async function execute(
  { io, print }: CommandContext,
  client: Client,
  plan: Json<TagDeletionPlan>,
  { repository, keepManifests, yes }: DeleteOptions,
): Promise<void> {
  const tags = plan.tags.map(({ name }) => name);
  const what = `delete ${formatCount(tags.length, 'tag')} of ${repository}`;
  await confirmDestruction(io.stdin, { what, name: String(tags.length), yes });
  print.progress(`deleting ${formatCount(tags.length, 'tag')}`);
  const input = { repository, tags, keep_manifests: keepManifests, plan_id: plan.id };
  const hints = { conflict: 'nothing was deleted; run the command again for a new plan' };
  await client.call('registry.deleteTags', input, { to: what, hints });
  print.say(`Deleted ${describePlan(plan)}`);
}

function rowsOf(plan: Json<TagDeletionPlan>, tags: readonly ListedTag[]): readonly DeletedTag[] {
  const known = new Map(tags.map((tag) => [tag.name, tag]));
  return plan.tags.map(({ name, digest, other_tags: others }) => {
    const { repository = '', updated_at: updated } = known.get(name) ?? {};
    return { repository, name, digest, updated_at: updated, other_tags: others };
  });
}

function describePlan({ tags, manifests, freed_bytes: bytes }: Json<TagDeletionPlan>): string {
  const lost = manifests.length === 0 ? 'no manifest' : formatCount(manifests.length, 'manifest');
  return `${formatCount(tags.length, 'tag')} and ${lost}; garbage collection can free ${formatSize(bytes)}`;
}

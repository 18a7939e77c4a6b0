import type { Digest } from '@mcr/core';
import type { InspectManifestResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { usageError } from '../../cli/errors.ts';
import { isDigestReference } from '../../cli/repository-argument.ts';
import { confirmDestruction, yesOption } from '../../input/confirm.ts';
import type { Field } from '../../output/field.ts';
import { formatCount, shortDigest } from '../../output/format.ts';
import { sayPending } from '../gc/pending.ts';
import { findImage } from './find-image.ts';

interface DeletedManifest {
  readonly repository: string;
  readonly digest: Digest;
  readonly tags: readonly string[];
}

const fields: readonly Field<DeletedManifest>[] = [
  { name: 'repository', describe: 'Repository that contained it' },
  { name: 'digest', kind: 'digest', describe: 'Deleted manifest' },
  { name: 'tags', kind: 'list', describe: 'Tags that pointed to it and were deleted with it, at most 100' },
];

/** `mcrctl manifest delete`: RegistryService.DeleteManifest. */
export const manifestDeleteCommand = defineCommand({
  name: 'manifest delete <reference>',
  describe: 'Delete a manifest with every tag that points to it',
  positionals: {
    reference: {
      describe: 'Repository and digest, such as team/app@sha256:… or team/app@9f1c2ab4',
      complete: 'repository',
    },
  },
  options: yesOption,
  examples: [
    ['mcrctl manifest delete team/app@sha256:…', 'Delete it after confirmation'],
    ['mcrctl manifest delete team/app@sha256:… --yes', 'Delete it from a script'],
  ],
  fields,
  async run(context, { reference: text, yes, json }) {
    const { io, print } = context;
    const api = await context.client();
    const { repository, reference: digest } = await findImage(api, text);
    if (!isDigestReference(digest)) {
      const hint = `use ${repository}@sha256:…; mcrctl manifest get ${text} shows the digest, mcrctl tag delete deletes a tag`;
      throw usageError(`"${text}" is a tag, not a digest`, hint);
    }
    const name = `${repository}@${digest}`;
    const hints = { missing: `mcrctl manifest list ${repository} shows its manifests` };
    const about = { to: `read the manifest ${name}`, hints };
    const found = await api.call('registry.inspectManifest', { repository, reference: digest }, about);
    const what = `delete the manifest ${digest} of ${repository}${describeLosses(found)}`;
    await confirmDestruction(io.stdin, { what, name: text.includes(digest) ? digest : shortDigest(digest), yes });
    await api.call('registry.deleteManifest', { repository, digest }, { to: `delete the manifest ${name}`, hints });
    print.say(`Deleted the manifest ${name}${describeLosses(found)}`);
    await sayPending(context);
    if (json !== undefined) print.item(fields, { repository, digest, tags: found.tags });
  },
});

/** What is deleted with it, and what still refers to it. */
function describeLosses({ tags, parents, referrers }: Json<InspectManifestResponse>): string {
  const parts = [
    ...(tags.length === 0 ? [] : [` with ${formatCount(tags.length, 'tag')}: ${tags.join(', ')}`]),
    ...(parents.length === 0
      ? []
      : [`; ${formatCount(parents.length, 'index', 'indexes')} will list a missing manifest`]),
    ...(referrers.length === 0 ? [] : [`; ${formatCount(referrers.length, 'referrer')} will have no subject`]),
  ];
  return parts.join('');
}

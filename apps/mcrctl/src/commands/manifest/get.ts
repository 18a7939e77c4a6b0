import type { Manifest } from '@mcr/rpc/mcr/v1/registry_pb';
import { type Json, needed } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { parseImageReference } from '../../cli/repository-argument.ts';
import type { Field } from '../../output/field.ts';
import { describeContent } from './content.ts';
import { manifestFields } from './list.ts';

type ShownManifest = Json<Manifest> & { readonly content: unknown };

const fields: readonly Field<ShownManifest>[] = [
  ...manifestFields,
  { name: 'content', kind: 'object', describe: 'Content of the manifest' },
];

/** `mcrctl manifest get`: RegistryService.GetManifest. */
export const manifestGetCommand = defineCommand({
  name: 'manifest get <reference>',
  oldNames: ['manifest show'],
  describe: 'Show a manifest and its parts',
  positionals: { reference: { describe: 'team/app:tag or team/app@sha256:…', complete: 'tag' } },
  options: {
    raw: { type: 'boolean', default: false, describe: 'Print only its bytes, exactly as pushed' },
  },
  examples: [
    ['mcrctl manifest get team/app:1.0', 'See its platforms or layers'],
    ['mcrctl manifest get team/app:1.0 --raw | sha256sum', 'Check its digest'],
  ],
  fields,
  async run({ print, client }, { reference: text, raw }) {
    const api = await client();
    const { repository, reference } = parseImageReference(text, api.server);
    const name = `${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
    const hints = { missing: `mcrctl tag list ${repository} shows its tags` };
    const about = { to: `show the manifest ${name}`, hints };
    const found = await api.call('registry.getManifest', { repository, reference }, about);
    const bytes = Buffer.from(found.content, 'base64');
    if (raw) return print.raw(bytes);
    const content: unknown = JSON.parse(bytes.toString());
    print.item(fields, { ...needed(found.manifest, 'manifest'), content }, describeContent(content));
  },
});

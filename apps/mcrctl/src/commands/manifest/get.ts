import { needed } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import type { Field } from '../../output/field.ts';
import { describeContent } from './content.ts';
import { findImage } from './find-image.ts';
import { type ListedManifest, manifestFields } from './list.ts';

type ShownManifest = ListedManifest & { readonly content: unknown };

const fields: readonly Field<ShownManifest>[] = [
  ...manifestFields,
  { name: 'content', kind: 'object', describe: 'Content of the manifest' },
];

/** `mcrctl manifest get`: RegistryService.GetManifest. */
export const manifestGetCommand = defineCommand({
  name: 'manifest get <reference>',
  oldNames: ['manifest show'],
  describe: 'Show a manifest and its parts',
  positionals: {
    reference: {
      describe: 'team/app:tag or team/app@9f1c2ab4, of whose digest six characters are enough',
      complete: 'tag',
    },
  },
  options: {
    raw: { type: 'boolean', default: false, describe: 'Print only its bytes, exactly as pushed' },
  },
  examples: [
    ['mcrctl manifest get team/app:1.0', 'See its platforms or layers'],
    ['mcrctl manifest get team/app@9f1c2ab40012', 'See what a short digest of a table names'],
    ['mcrctl manifest get team/app:1.0 --raw | sha256sum', 'Check its digest'],
  ],
  fields,
  async run({ print, client }, { reference: text, raw }) {
    const api = await client();
    const { repository, reference } = await findImage(api, text);
    const name = `${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
    const hints = { missing: `mcrctl tag list ${repository} shows its tags` };
    const about = { to: `show the manifest ${name}`, hints };
    const found = await api.call('registry.getManifest', { repository, reference }, about);
    const bytes = Buffer.from(found.content, 'base64');
    if (raw) return print.raw(bytes);
    const content: unknown = JSON.parse(bytes.toString());
    print.item(fields, { ...needed(found.manifest, 'manifest'), repository, content }, describeContent(content));
  },
});

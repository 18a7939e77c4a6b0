import { defineCommand } from '../../cli/command.ts';
import { parseImageReference } from '../../cli/repository-argument.ts';
import type { Field } from '../../output/field.ts';
import { requireServer } from '../../settings/required.ts';
import { describeContent } from './content.ts';
import { type Manifest, manifestFields } from './manifest.ts';

type ShownManifest = Manifest & { readonly content: unknown };

const fields: readonly Field<ShownManifest>[] = [
  ...manifestFields,
  { name: 'content', kind: 'object', describe: 'The manifest itself' },
];

/** `mcrctl manifest show`: RegistryService.GetManifest. */
export const manifestShowCommand = defineCommand({
  name: 'manifest show <reference>',
  describe: 'Show a manifest and what it is made of',
  positionals: { reference: { describe: 'team/app:tag or team/app@sha256:…', complete: 'tag' } },
  options: {
    raw: { type: 'boolean', default: false, describe: 'Print its bytes exactly as they were pushed, and nothing else' },
  },
  examples: [
    ['mcrctl manifest show team/app:1.0', 'See its platforms or layers'],
    ['mcrctl manifest show team/app:1.0 --raw | sha256sum', 'Check its digest'],
  ],
  fields,
  async run({ print, rpc, settings }, { reference: text, raw }) {
    const { repository, reference } = parseImageReference(text, requireServer(settings()));
    const { getManifest } = await import('./client.ts');
    const { bytes, ...manifest } = await getManifest(await rpc(), repository, reference);
    if (raw) return print.raw(bytes);
    const content: unknown = JSON.parse(new TextDecoder().decode(bytes));
    print.item(fields, { ...manifest, content }, describeContent(content));
  },
});

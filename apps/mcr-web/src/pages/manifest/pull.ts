import { html } from 'hono/html';
import { type Named, pullCommands } from '../../ui/commands.ts';
import { codeBox } from '../../ui/fragments.ts';
import { kindOf } from '../../ui/media-types.ts';
import type { Fragment } from '../../ui/page.ts';
import { pullBox } from '../../ui/pull-box.ts';
import type { ManifestProps } from './props.ts';

/** How each client gets it, by tag or by digest. */
export function pullSection({ name, repository, reference, found, remembering }: ManifestProps): Fragment {
  const { mediaType = '', artifactType, digest = '' } = found.manifest ?? {};
  const kind = kindOf(mediaType, artifactType);
  const path = `${name}/${repository}`;
  const byDigest: Named = { path, digest };
  const byTag: Named | undefined = reference.includes(':') ? undefined : { path, tag: reference };
  const tagCommands = byTag === undefined ? [] : pullCommands(byTag, kind);
  const choices = pullCommands(byDigest, kind).map(([client, command], at) => {
    const box = (text: string, label: string, classes: string) =>
      codeBox(text, `the ${client} command${label}`, text.slice(0, text.indexOf(name)), classes);
    const tagCommand = tagCommands[at]?.[1];
    return {
      name: client,
      content: html`${tagCommand === undefined ? '' : box(tagCommand, '', ' by-tag')}${box(command, ' by digest', byTag === undefined ? '' : ' by-digest')}`,
    };
  });
  return pullBox({ id: 'pull', label: 'Pull', choices, isByBoth: byTag !== undefined }, remembering);
}

import { html } from 'hono/html';
import { pullCommands } from '../../ui/commands.ts';
import { codeBox } from '../../ui/fragments.ts';
import { isRunnable } from '../../ui/media-types.ts';
import type { Fragment } from '../../ui/page.ts';
import { pullBox } from '../../ui/pull-box.ts';
import type { ManifestProps } from './props.ts';

/** How each client gets it, by tag or by digest. */
export function pullSection({ name, repository, reference, found }: ManifestProps): Fragment {
  const { mediaType = '', artifactType, digest = '' } = found.manifest ?? {};
  const byDigest = `${name}/${repository}@${digest}`;
  const byTag = reference.includes(':') ? undefined : `${name}/${repository}:${reference}`;
  const isImage = isRunnable(mediaType, artifactType);
  const digestCommands = pullCommands(byDigest, isImage);
  const tagCommands = byTag === undefined ? [] : pullCommands(byTag, isImage);
  const choices = digestCommands.map(([client, command], at) => {
    const box = (text: string, label: string, classes: string) =>
      codeBox(text, `the ${client} command${label}`, text.slice(0, text.indexOf(name)), classes);
    const tagCommand = tagCommands[at]?.[1];
    return {
      name: client,
      content: html`${tagCommand === undefined ? '' : box(tagCommand, '', ' by-tag')}${box(command, ' by digest', byTag === undefined ? '' : ' by-digest')}`,
    };
  });
  const by = html`<div class="seg" role="radiogroup" aria-label="Name it by"><label><input class="vh" type="radio" name="by" value="tag" checked>By tag</label><label><input class="vh" type="radio" name="by" value="digest">By digest</label></div>`;
  return pullBox('pull', 'Pull', choices, byTag === undefined ? html`` : by);
}

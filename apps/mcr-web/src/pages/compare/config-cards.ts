import { html } from 'hono/html';
import { moreNote } from '../../ui/bounded.ts';
import { counted } from '../../ui/format.ts';
import type { Fragment } from '../../ui/page.ts';
import { fold } from '../manifest/config-section.ts';
import type { ManifestFacts } from '../manifest/read-manifest.ts';
import { commandText, variable } from '../manifest/secrets.ts';
import type { Changes, ConfigChanges, ValueChange } from './config-changes.ts';

const maxRows = 300;
/** Names in a sentence. */
const maxNames = 3;

/** What changed in the configuration, and what is equal. */
export function configCards(changes: ConfigChanges, from: ManifestFacts, to: ManifestFacts): Fragment {
  const { fields, env, labels, annotations } = changes;
  const hasConfig = from.config !== undefined || to.config !== undefined;
  const line = ({ name }: ValueChange, value: string) => html`<code>${name}: ${commandText(value)}</code>`;
  const rest = html`${changeFold('Labels', labels)}${changeFold('Annotations', annotations)}`;
  if (!hasConfig) {
    return annotations.changed.length === 0
      ? html``
      : html`<section class="card" aria-label="Annotations">${rest}</section>`;
  }
  return html`<div class="cols cols--1-1">
${diffCard('configuration', 'Configuration', fields, line, rest)}
${diffCard('env', 'Environment', env, ({ name }, value) => variable(`${name}=${value}`))}
</div>`;
}

/** Names of what changed, for a sentence. */
export function namesText(changed: readonly ValueChange[]): string {
  const names = changed
    .slice(0, maxNames)
    .map(({ name }) => (name.length > 40 ? `${name.slice(0, 40).toWellFormed()}…` : name));
  const more = changed.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

type Line = (change: ValueChange, value: string) => Fragment;

function diffCard(id: string, title: string, changes: Changes, line: Line, rest: Fragment = html``): Fragment {
  const { changed, equal } = changes;
  const note = `${counted(equal, 'value is', 'values are')} equal`;
  const content = changed.length === 0 ? html`<p class="card__body muted">Nothing changed.</p>` : diffs(changed, line);
  return html`<section class="card" aria-labelledby="${id}"><div class="card__head"><h2 id="${id}">${title}</h2><span class="card__note">${note}</span></div>
${content}${rest}</section>`;
}

function changeFold(title: string, { changed }: Changes): Fragment {
  if (changed.length === 0) return html``;
  return fold(
    title,
    namesText(changed),
    diffs(changed, ({ name }, value) => variable(`${name}=${value}`)),
  );
}

function diffs(changed: readonly ValueChange[], line: Line): Fragment {
  const side = (change: ValueChange, kind: 'del' | 'add', sign: string, word: string, value: string | undefined) =>
    value === undefined
      ? ''
      : html`<li class="diff diff--${kind}"><span class="diff__s" aria-hidden="true">${sign}</span><div><span class="vh">${word}: </span>${line(change, value)}</div></li>`;
  return html`<ul class="diffs">${changed.slice(0, maxRows).map(
    (change) =>
      html`${side(change, 'del', '−', 'before', change.from)}${side(change, 'add', '+', 'after', change.to)}
`,
  )}</ul>${moreNote(changed.length, maxRows)}`;
}

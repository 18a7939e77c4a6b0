import { html } from 'hono/html';
import { clip, moreNote } from '../../ui/bounded.ts';
import { count } from '../../ui/format.ts';
import { icon } from '../../ui/icons.ts';
import type { Fragment } from '../../ui/page.ts';
import type { ConfigFacts } from './read-manifest.ts';
import { commandText, variable } from './secrets.ts';

/** How fields of the configuration are called. */
const names: Readonly<Record<string, string>> = {
  Cmd: 'Command',
  WorkingDir: 'Directory',
  Env: 'Environment',
  ExposedPorts: 'Ports',
  StopSignal: 'Stop signal',
};
/** Fields whose values are the words of one command. */
const commands: ReadonlySet<string> = new Set(['Entrypoint', 'Cmd']);

/** Longer lists are not read by people. */
const maxRows = 300;

/** The runtime configuration of an image. */
export function configFields({ run, created }: ConfigFacts): Fragment {
  const fields = [...run].map(([name, values]) => {
    const more = moreNote(values.length, maxRows);
    if (name === 'Env') return html`<dt>${names[name]}</dt><dd>${values.slice(0, maxRows).map(variable)}${more}</dd>`;
    const texts = commands.has(name) ? [values.join(' ')] : values.slice(0, maxRows);
    return html`<dt>${names[name] ?? name}</dt><dd>${texts.map((text) => html`<code>${commandText(text)}</code>`)}${commands.has(name) ? '' : more}</dd>`;
  });
  const none = run.size === 0 ? html`<p class="muted">It does not specify how to run the image.</p>` : '';
  return html`<div class="card__body">${none}<dl class="kv">${created === undefined ? '' : html`<dt>Built</dt><dd>${created}</dd>`}${fields}</dl></div>`;
}

/** The steps of the build, where it is unknown which of them created which layer. */
export function historyFold({ history }: ConfigFacts, layers: number): Fragment {
  if (history.length === 0 || history.filter(({ isEmpty }) => !isEmpty).length === layers) return html``;
  const steps = history
    .slice(0, maxRows)
    .map(
      ({ command, isEmpty }) =>
        html`<li><span><code>${commandText(command)}</code>${isEmpty ? html` <span class="faint nowrap">no layer</span>` : ''}</span></li>`,
    );
  return fold(
    'History',
    count(history.length),
    html`<div class="card__body"><ol class="steps">${steps}</ol>${moreNote(history.length, maxRows)}</div>`,
  );
}

/** Names and values, folded. */
export function textFold(title: string, texts: ReadonlyMap<string, string>): Fragment {
  if (texts.size === 0) return html``;
  const pairs = [...texts]
    .slice(0, maxRows)
    .map(([name, value]) => html`<dt><code>${clip(name)}</code></dt><dd>${commandText(value)}</dd>`);
  return fold(
    title,
    count(texts.size),
    html`<div class="card__body"><dl class="kv kv--wide">${pairs}</dl>${moreNote(texts.size, maxRows)}</div>`,
  );
}

/** A part that is shown when asked for; works without a script. */
export function fold(title: string, note: string, content: Fragment): Fragment {
  return html`<details class="fold"><summary>${icon('chevron-right', 'sm')}${title}<span class="fold__n">${note}</span></summary>${content}</details>`;
}

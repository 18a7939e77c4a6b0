import { html } from 'hono/html';
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

/** The runtime configuration of an image. */
export function configFields({ run, created }: ConfigFacts): Fragment {
  const fields = [...run].map(([name, values]) => {
    if (name === 'Env') return html`<dt>${names[name]}</dt><dd>${values.map(variable)}</dd>`;
    const texts = commands.has(name) ? [values.join(' ')] : values;
    return html`<dt>${names[name] ?? name}</dt><dd>${texts.map((text) => html`<code>${commandText(text)}</code>`)}</dd>`;
  });
  const none = run.size === 0 ? html`<p class="muted">It does not specify how to run the image.</p>` : '';
  return html`<div class="card__body">${none}<dl class="kv">${created === undefined ? '' : html`<dt>Built</dt><dd>${created}</dd>`}${fields}</dl></div>`;
}

/** The steps of the build, also those that made no layer. */
export function historyFold({ history }: ConfigFacts): Fragment {
  if (history.length === 0) return html``;
  const steps = history.map(
    ({ command, isEmpty }) =>
      html`<li><span><code>${commandText(command)}</code>${isEmpty ? html` <span class="faint nowrap">no layer</span>` : ''}</span></li>`,
  );
  return fold('History', count(history.length), html`<div class="card__body"><ol class="steps">${steps}</ol></div>`);
}

/** Names and values, folded. */
export function textFold(title: string, texts: ReadonlyMap<string, string>): Fragment {
  if (texts.size === 0) return html``;
  const pairs = [...texts].map(([name, value]) => html`<dt><code>${name}</code></dt><dd>${commandText(value)}</dd>`);
  return fold(title, count(texts.size), html`<div class="card__body"><dl class="kv kv--wide">${pairs}</dl></div>`);
}

/** A part that is shown when asked for; works without a script. */
export function fold(title: string, note: string, content: Fragment): Fragment {
  return html`<details class="fold"><summary>${icon('chevron-right', 'sm')}${title}<span class="fold__n">${note}</span></summary>${content}</details>`;
}

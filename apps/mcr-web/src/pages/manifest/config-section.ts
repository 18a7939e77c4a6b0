import { html } from 'hono/html';
import type { Fragment } from '../../ui/page.ts';
import type { ConfigFacts } from './read-manifest.ts';

/** The runtime configuration of an image, its labels and its history. */
export function configSection(config: ConfigFacts, kind: string): Fragment {
  const { run, labels, history, created } = config;
  if (kind !== 'image') return html``;
  return html`<section aria-labelledby="config"><h2 id="config">Configuration</h2>
<dl class="facts">
${created === undefined ? '' : html`<dt>Built</dt><dd>${created}</dd>`}
${[...run].map(([name, values]) => html`<dt>${name}</dt><dd>${values.map((value) => html`<code class="value">${value}</code>`)}</dd>`)}
</dl>
${run.size === 0 ? html`<p class="muted">It does not specify how to run the image.</p>` : ''}</section>
${labels.size === 0 ? '' : html`<section aria-labelledby="labels"><h2 id="labels">Labels</h2>${textTable('Label', labels)}</section>`}
${
  history.length === 0
    ? ''
    : html`<section aria-labelledby="history"><h2 id="history">History</h2><ol class="history">
${history.map(({ command, isEmpty }) => html`<li><code class="step">${command}</code>${isEmpty ? html` <span class="muted">no layer</span>` : ''}</li>`)}
</ol></section>`
}`;
}

/** A table of names and values. */
export function textTable(head: string, texts: ReadonlyMap<string, string>): Fragment {
  return html`<table class="plain"><thead><tr><th scope="col">${head}</th><th scope="col">Value</th></tr></thead><tbody>
${[...texts].map(([name, value]) => html`<tr><td><code>${name}</code></td><td>${value}</td></tr>`)}
</tbody></table>`;
}

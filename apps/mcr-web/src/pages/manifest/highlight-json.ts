import { html, raw } from 'hono/html';
import type { Fragment } from '../../ui/page.ts';

/** Keeps the page small; longer manifests are not read by people. */
const maxHighlighted = 64 * 1024;
const token = /("(?:[^"\\]|\\.)*")(\s*:)?|[[{]\s*[\]}]|[[\]{},]|[^\s"[\]{},:]+/g;

/**
 * JSON with highlighted keys, texts and values. If it is one long line, elements around its parts format it: the text
 * itself consists of exactly the pushed characters, so that it can be copied.
 */
export function highlightJson(json: string): Fragment {
  if (json.length > maxHighlighted) return exact(json);
  const isOneLine = !json.trim().includes('\n');
  const parts: Fragment[] = [];
  let end = 0;
  for (const match of json.matchAll(token)) {
    parts.push(exact(json.slice(end, match.index)), ...mark(match, isOneLine));
    end = match.index + match[0].length;
  }
  return html`${parts}${exact(json.slice(end))}`;
}

const [open, next, close] = ['<span class="json-item">', '</span><span class="json-item">', '</span>'].map((tag) =>
  raw(tag),
);

function mark([whole, text, colon]: RegExpExecArray, isOneLine: boolean): readonly Fragment[] {
  if (colon !== undefined) return [html`<span class="json-key">${text}</span>${colon}`];
  if (text !== undefined) return [html`<span class="json-text">${text}</span>`];
  if (!/^[[\]{},]/.test(whole)) return [html`<span class="json-value">${whole}</span>`];
  const sign = exact(whole);
  if (!isOneLine || whole.length > 1) return [sign];
  if (whole === ',') return [sign, html`${next}`];
  return '[{'.includes(whole) ? [sign, html`${open}`] : [html`${close}`, sign];
}

/** Browsers read a bare carriage return as a line feed. */
function exact(text: string): Fragment {
  return html`${text.split('\r').map((part, at) => (at === 0 ? html`${part}` : html`${raw('&#13;')}${part}`))}`;
}

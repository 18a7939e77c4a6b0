import { html } from 'hono/html';
import type { Fragment } from '../../layout.ts';

/** A page stays small, and what is longer is not read by people. */
const maxHighlighted = 64 * 1024;
const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON with its keys, texts and other values told apart. A long text is shown as it is. */
export function highlightJson(json: string): Fragment {
  if (json.length > maxHighlighted) return html`${json}`;
  const parts: Fragment[] = [];
  let end = 0;
  for (const match of json.matchAll(token)) {
    parts.push(html`${json.slice(end, match.index)}`);
    const [whole, text, colon] = match;
    if (text === undefined) parts.push(html`<span class="json-value">${whole}</span>`);
    else if (colon === undefined) parts.push(html`<span class="json-text">${text}</span>`);
    else parts.push(html`<span class="json-key">${text}</span>${colon}`);
    end = match.index + whole.length;
  }
  parts.push(html`${json.slice(end)}`);
  return html`${parts}`;
}

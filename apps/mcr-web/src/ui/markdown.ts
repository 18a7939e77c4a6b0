import { html, raw } from 'hono/html';
import MarkdownIt from 'markdown-it';
import type { Fragment } from './page.ts';

/** Characters of a text that are shown. */
const maxLength = 64 * 1024;
/** Quotes and lists within each other, beyond which nothing is shown. */
const maxNesting = 20;
/** A page has its own headings above those of a text. */
const headingsAbove = 2;

/** Nothing of a text becomes markup but elements without attributes, and links: no HTML, no images. */
const renderer = new MarkdownIt({ html: false, maxNesting });
// Relative ones would lead to pages of the registry.
renderer.validateLink = (address) => /^(?:https?:\/\/|mailto:)/i.test(address);
renderer.renderer.renderAttrs = ({ attrs }) => {
  const href = attrs?.find(([name]) => name === 'href')?.[1];
  if (href === undefined) return '';
  return ` href="${renderer.utils.escapeHtml(String(href))}" rel="noopener nofollow"`;
};
renderer.renderer.rules['image'] = (tokens, at) => renderer.utils.escapeHtml(tokens[at]?.content ?? '');
renderer.core.ruler.push('headings below those of the page', ({ tokens }) => {
  for (const token of tokens) {
    const level = /^h([1-6])$/.exec(token.tag)?.[1];
    if (level !== undefined) token.tag = `h${Math.min(6, Number(level) + headingsAbove)}`;
  }
});

/** A text in Markdown that came from outside, as far as it is not too long. */
export function markdown(text: string): Fragment {
  const cut = text.length > maxLength;
  const shown = renderer.render(cut ? text.slice(0, maxLength) : text);
  return html`<div class="readme">${raw(shown)}</div>${cut ? html`<p class="faint">The rest is left out.</p>` : ''}`;
}

import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { type IconName, icon } from './icons.ts';
import type { Fragment } from './page.ts';

const shortDigestLength = 12;

/** The first digits of a digest, for display. */
export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, shortDigestLength);
}

/** A button that copies; it is only shown if scripts run. */
export function copyButton(text: string, label: string): Fragment {
  return html`<button type="button" class="btn btn--icon copy" data-copy="${text}" aria-label="Copy ${label}" title="Copy">${icon('copy', 'sm')}</button>`;
}

/** The same within a line of text. */
export function inlineCopyButton(text: string, label: string): Fragment {
  return html`<button type="button" class="btn btn--icon btn--inline copy" data-copy="${text}" aria-label="Copy ${label}" title="Copy">${icon('copy', 'sm')}</button>`;
}

/** A button that copies the text of an element of the page. */
export function copyFromButton(id: string, label: string): Fragment {
  return html`<button type="button" class="btn btn--sm copy" data-copy-from="${id}" aria-label="Copy ${label}">${icon('copy', 'sm')}Copy</button>`;
}

/** A command or reference within text, to copy or to select. */
export function copyLine(text: string, label: string): Fragment {
  return html`<span class="copyline"><code>${text}</code>${inlineCopyButton(text, label)}</span>`;
}

/** A command or reference in a box of its own; `dim` of its beginning is what does not matter. */
export function codeBox(text: string, label: string, dim = '', classes = ''): Fragment {
  return html`<div class="code${classes}"><code class="code__t">${dim === '' ? '' : html`<span class="code__dim">${dim}</span>`}${text.slice(dim.length)}</code>${copyButton(text, label)}</div>`;
}

/** A shortened digest, with the whole one in its title. */
export function digest(value: string, href?: string): Fragment {
  const text = shortDigest(value);
  if (href === undefined) return html`<span class="digest" title="${value}">${text}</span>`;
  return html`<a class="digest" href="${href}" title="${value}">${text}</a>`;
}

/** A state; only exceptions have a color. */
export function badge(kind: 'bad' | 'warn' | 'info' | 'neutral', word: string): Fragment {
  return html`<span class="badge${kind === 'neutral' ? '' : ` badge--${kind}`}">${word}</span>`;
}

/** A name that may break after its separators. */
export function breakable(name: string): Fragment {
  // Without a part that is awaited it is text. What the escape of a character consists of is no place to break.
  const text = html`${name}` as HtmlEscapedString;
  return raw(text.replaceAll(/(?<=[/.:_-])(?!$)/g, '<wbr>'));
}

/** The content of an empty list: what is missing, why, and the command that fills it. */
export function empty(title: string, text: Fragment | string = '', command?: string, sign?: IconName): Fragment {
  return html`<div class="empty">${sign === undefined ? '' : icon(sign, 'lg')}<p class="empty__t">${title}</p>${text === '' ? '' : html`<p>${text}</p>`}${command === undefined ? '' : codeBox(command, 'command')}</div>`;
}

/** A sentence that needs attention, with a link to what can be done. */
export function notice(kind: 'bad' | 'warn', sign: IconName, text: Fragment, link: Fragment = html``): Fragment {
  return html`<div class="notice notice--${kind}">${icon(sign)}<p>${text}</p>${link}</div>`;
}

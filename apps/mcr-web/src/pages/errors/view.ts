import { html } from 'hono/html';
import { notice } from '../../ui/fragments.ts';
import type { Fragment, Page } from '../../ui/page.ts';

/** A sentence of what went wrong, more about it, and where to go. */
function errorPage(title: string, text: Fragment, actions: Fragment, more: Fragment = html``): Fragment {
  return html`<div class="error"><h1>${title}</h1>
${text}
<div class="error__acts">${actions}</div>${more}</div>`;
}

const wayBack = html`<a class="btn" href="/">Go to the front page</a>`;

/** The page does not exist. */
export function notFoundView({ path }: { readonly path: string }): Page {
  const text = html`<p>There is no page at <code>${path}</code>.</p>`;
  return { title: 'No such page', content: errorPage('No such page', text, wayBack) };
}

/** The registry has no such thing, or the user may not see it. */
export function missingView({ message, path }: { readonly message: string; readonly path: string }): Page {
  const text = html`<p>${message}.</p>
<p>Nothing was found at <code>${path}</code>: it may have been deleted, or never pushed.</p>`;
  const all = html`<a class="btn" href="/repositories">See all repositories</a>`;
  return { title: 'Not found', content: errorPage('Not found', text, all) };
}

/** How a denial is found again. */
export interface Denial {
  /** Id of the request, as the audit log has it. */
  readonly requestId?: string | undefined;
  /** The page that explains it. */
  readonly explain?: string;
}

interface DeniedProps {
  readonly message: string;
  readonly username: string;
  readonly denial?: Denial;
}

/** Access is denied by policy or because of a missing role. */
export function deniedView({ message, username, denial = {} }: DeniedProps): Page {
  const { requestId, explain } = denial;
  const text = html`<div class="card">${notice('bad', 'shield-x', html`<b>${message}.</b>`)}</div>
<p>You are signed in as <strong>${username}</strong>. An administrator can allow more, by a role or by a policy rule, and sees
in the audit log which rule denied this${requestId === undefined ? '' : html`, at request <code>${requestId}</code>`}.</p>`;
  const why = explain === undefined ? '' : html`<a class="btn" href="${explain}">Why denied?</a> `;
  const own = html`${why}<a class="btn" href="/me">See what you may do</a>`;
  return { title: 'Access denied', content: errorPage('Access denied', text, own) };
}

/** A form was not submitted from this UI, or in an earlier session. */
export function untrustedFormView({ reason, path }: { readonly reason: string; readonly path: string }): Page {
  const title = 'The form was not accepted';
  const text = html`<p>${reason} Nothing was changed.</p>
<p>Open the page again, and submit the form again.</p>`;
  return { title, content: errorPage(title, text, html`<a class="btn" href="${path}">Open the page again</a>`) };
}

/** A request that cannot be fulfilled; nothing was changed. */
export function rejectedView({ message, path }: { readonly message: string; readonly path?: string }): Page {
  const text = html`<div class="card">${notice('bad', 'circle-alert', html`<b>${message}</b>`)}</div>
<p>Nothing was changed. Go back, correct it, and try again.</p>`;
  const back = path === undefined ? html`` : html`<a class="btn" href="${path}">Go back</a> `;
  const content = errorPage('That did not work', text, html`${back}${wayBack}`);
  return { title: `That did not work: ${message}`, crumbs: [{ text: 'That did not work' }], content };
}

/**
 * The registry did not respond to the request for a page. The page reloads by itself; the empty link leads to the same
 * page.
 */
export function unreachableView({ requestId }: { readonly requestId: string }): Page {
  const text = html`<div class="card">${unreachable}</div>
<p>This page is served by mcr-web, which got no response from mcrsrv. It tries again every few seconds.</p>`;
  const retry = html`<a class="btn" href="" data-retry>Try again</a>`;
  const content = errorPage('The registry does not respond', text, retry, forOperators(requestId));
  return { title: unreachableTitle, crumbs: [{ text: 'Registry unreachable' }], refreshSeconds: 5, content };
}

/**
 * The registry did not respond to a form. Submitting it again could do it twice, so only the previous page is offered.
 */
export function unsureView({ requestId, path }: { readonly requestId: string; readonly path: string }): Page {
  const text = html`<div class="card">${unreachable}</div>
<p>The change may or may not have been made. Open the page again to check, once mcrsrv responds.</p>`;
  const again = html`<a class="btn" href="${path}">Open the page again</a>`;
  const content = errorPage('The registry does not respond', text, again, forOperators(requestId));
  return { title: unreachableTitle, crumbs: [{ text: 'Registry unreachable' }], content };
}

const unreachable = notice('bad', 'circle-alert', html`<b>mcrsrv is unreachable.</b>`);
const unreachableTitle = '(!) Registry unreachable';

function forOperators(requestId: string): Fragment {
  return html`<h2>For operators</h2>
<ul>
<li>Is mcrsrv running, with <code>server.grpc_addr</code> set?</li>
<li>Is <code>web.grpc_addr</code> set to that address?</li>
<li>Is <code>web.ca_cert</code> the CA of its certificate, and is the certificate valid for that host?</li>
</ul>
<p>The log of mcr-web says what went wrong, at request <code>${requestId}</code>.</p>`;
}

/** mcr-web itself failed. */
export function failureView({ requestId }: { readonly requestId: string }): Page {
  const text = html`<p>The page could not be created. Please contact the operator: the log of mcr-web says why, at request
<code>${requestId}</code>.</p>`;
  return { title: '(!) Error', content: errorPage('Something went wrong here', text, wayBack) };
}

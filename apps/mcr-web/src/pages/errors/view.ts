import { html } from 'hono/html';
import { badge } from '../../ui/fragments.ts';
import type { Fragment, Page } from '../../ui/page.ts';

const wayBack = html`<p><a href="/">Go to the front page</a></p>`;

/** The page does not exist. */
export function notFoundView({ path }: { readonly path: string }): Page {
  const content = html`<h1>No such page</h1>
<p>There is no page at <code>${path}</code>.</p>
${wayBack}`;
  return { title: 'No such page', content };
}

/** The registry has no such thing, or the user may not see it. */
export function missingView({ message, path }: { readonly message: string; readonly path: string }): Page {
  const content = html`<h1>Not found</h1>
<p>${message}.</p>
<p>Nothing was found at <code>${path}</code>: it may have been deleted, or never pushed.</p>
<p><a href="/repositories">See all repositories</a></p>`;
  return { title: 'Not found', content };
}

/** Access is denied by policy or because of a missing role. */
export function deniedView({ message, username }: { readonly message: string; readonly username: string }): Page {
  const content = html`<h1>Access denied</h1>
<p>${badge('bad', 'denied')} ${message}.</p>
<p>You are signed in as <strong>${username}</strong>. An administrator can allow more, by a role or by a policy rule, and sees
in the audit log which rule denied this.</p>
<p><a href="/me">See what you may do</a></p>`;
  return { title: 'Access denied', content };
}

/** A form was not submitted from this UI, or in an earlier session. */
export function untrustedFormView({ reason, path }: { readonly reason: string; readonly path: string }): Page {
  const content = html`<h1>The form was not accepted</h1>
<p>${reason} Nothing was changed.</p>
<p><a href="${path}">Open the page again</a> and submit the form again.</p>`;
  return { title: 'The form was not accepted', content };
}

/** A request that cannot be fulfilled; nothing was changed. */
export function rejectedView({ message, path }: { readonly message: string; readonly path?: string }): Page {
  const content = html`<h1>That did not work</h1>
<p class="notice bad">${message}</p>
<p>Nothing was changed. ${path === undefined ? 'Go back' : html`<a href="${path}">Go back</a>`}, correct it, and try again.</p>
${wayBack}`;
  return { title: `That did not work: ${message}`, content };
}

/**
 * The registry did not respond to the request for a page. The page reloads by itself; the empty link leads to the same
 * page.
 */
export function unreachableView({ requestId }: { readonly requestId: string }): Page {
  const content = html`<h1>The registry does not respond</h1>
<p>${unreachable} This page is served by mcr-web, which got no response from mcrsrv.
It tries again every few seconds.</p>
<p><a href="" data-retry>Try again</a></p>
${forOperators(requestId)}`;
  return { title: unreachableTitle, refreshSeconds: 5, content };
}

/**
 * The registry did not respond to a form. Submitting it again could do it twice, so only the previous page is offered.
 */
export function unsureView({ requestId, path }: { readonly requestId: string; readonly path: string }): Page {
  const content = html`<h1>The registry does not respond</h1>
<p>${unreachable} The change may or may not have been made.</p>
<p><a href="${path}">Open the page again</a> to check, once mcrsrv responds.</p>
${forOperators(requestId)}`;
  return { title: unreachableTitle, content };
}

const unreachable = badge('bad', 'unreachable');
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
  const content = html`<h1>Something went wrong here</h1>
<p>The page could not be created. Please contact the operator: the log of mcr-web says why, at request
<code>${requestId}</code>.</p>
${wayBack}`;
  return { title: '(!) Error', content };
}

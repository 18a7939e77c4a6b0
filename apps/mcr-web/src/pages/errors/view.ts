import { html } from 'hono/html';
import { badge } from '../../ui/fragments.ts';
import type { Fragment, Page } from '../../ui/page.ts';

const wayBack = html`<p><a href="/">Go to the front page</a></p>`;

/** There is no such page. */
export function notFoundView({ path }: { readonly path: string }): Page {
  const content = html`<h1>No such page</h1>
<p>There is nothing at <code>${path}</code>.</p>
${wayBack}`;
  return { title: 'No such page', content };
}

/** The registry knows no such thing, or the person may not see it. */
export function missingView({ message, path }: { readonly message: string; readonly path: string }): Page {
  const content = html`<h1>Not found</h1>
<p>${message}.</p>
<p>Nothing is at <code>${path}</code>: it may have been deleted, or never pushed.</p>
<p><a href="/repositories">See all repositories</a></p>`;
  return { title: 'Not found', content };
}

/** Policy, or the role, says no. */
export function deniedView({ message, username }: { readonly message: string; readonly username: string }): Page {
  const content = html`<h1>Access denied</h1>
<p>${badge('bad', 'denied')} ${message}.</p>
<p>You are signed in as <strong>${username}</strong>. An administrator can allow more, by a role or by a policy rule, and sees
in the audit log which rule denied this.</p>
<p><a href="/me">See what you may do</a></p>`;
  return { title: 'Access denied', content };
}

/** A form did not come from this UI, or from an earlier session. */
export function refusedView({ reason, path }: { readonly reason: string; readonly path: string }): Page {
  const content = html`<h1>The form was not accepted</h1>
<p>${reason} Nothing was changed.</p>
<p><a href="${path}">Open the page again</a> and send it once more.</p>`;
  return { title: 'The form was not accepted', content };
}

/** What was asked cannot be done; nothing was changed. */
export function rejectedView({ message, path }: { readonly message: string; readonly path?: string }): Page {
  const content = html`<h1>That did not work</h1>
<p class="notice bad">${message}</p>
<p>Nothing was changed. ${path === undefined ? 'Go back' : html`<a href="${path}">Go back</a>`}, correct it, and try again.</p>
${wayBack}`;
  return { title: `That did not work: ${message}`, content };
}

/** The registry did not answer a page. It asks again by itself; the empty link leads to what was asked for. */
export function unreachableView({ requestId }: { readonly requestId: string }): Page {
  const content = html`<h1>The registry does not answer</h1>
<p>${unreachable} This page is served by mcr-web, which asked mcrsrv and got no answer.
It tries again every few seconds.</p>
<p><a href="" data-retry>Try again</a></p>
${forOperators(requestId)}`;
  return { title: unreachableTitle, refreshSeconds: 5, content };
}

/** The registry did not answer a form. Sending that again could do it twice, so that only the page before is offered. */
export function unsureView({ requestId, path }: { readonly requestId: string; readonly path: string }): Page {
  const content = html`<h1>The registry does not answer</h1>
<p>${unreachable} What the form asked for may or may not have been done.</p>
<p><a href="${path}">Open the page again</a> to see, once mcrsrv answers.</p>
${forOperators(requestId)}`;
  return { title: unreachableTitle, content };
}

const unreachable = badge('bad', 'unreachable');
const unreachableTitle = '(!) Registry unreachable';

function forOperators(requestId: string): Fragment {
  return html`<h2>For operators</h2>
<ul>
<li>Is mcrsrv running, with <code>server.grpc_addr</code> set?</li>
<li>Does <code>web.grpc_addr</code> name that address?</li>
<li>Does <code>web.ca_cert</code> name the authority of its certificate, and the certificate that host?</li>
</ul>
<p>The log of mcr-web says what went wrong, at request <code>${requestId}</code>.</p>`;
}

/** mcr-web itself failed. */
export function failureView({ requestId }: { readonly requestId: string }): Page {
  const content = html`<h1>Something went wrong here</h1>
<p>The page could not be made. Please tell the operator: the log of mcr-web says why, at request
<code>${requestId}</code>.</p>
${wayBack}`;
  return { title: '(!) Error', content };
}

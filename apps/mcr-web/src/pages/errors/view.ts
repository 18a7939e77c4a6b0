import { html } from 'hono/html';
import { type Fragment, layout } from '../../layout.ts';
import type { StaticFiles } from '../../static-files.ts';

interface ErrorProps {
  readonly staticFiles: StaticFiles;
}

/** There is no such page. */
export function notFoundView({ path, staticFiles }: ErrorProps & { readonly path: string }): Fragment {
  const content = html`<h1>No such page</h1>
<p>There is nothing at <code>${path}</code>.</p>
<p><a href="/">Go to the front page</a></p>`;
  return layout({ title: 'No such page', staticFiles, content });
}

/** The registry did not answer. The empty link leads to the page that was asked for, with its query. */
export function unreachableView({ requestId, staticFiles }: ErrorProps & { readonly requestId: string }): Fragment {
  const content = html`<h1>The registry does not answer</h1>
<p><span class="badge bad">unreachable</span> This page is served by mcr-web, which asked mcrsrv and got no answer.</p>
<p><a href="">Try again</a></p>
<h2>For operators</h2>
<ul>
<li>Is mcrsrv running, with <code>server.grpc_addr</code> set?</li>
<li>Does <code>web.grpc_addr</code> name that address?</li>
<li>Does <code>web.ca_cert</code> name the authority of its certificate, and the certificate that host?</li>
</ul>
<p>The log of mcr-web says what went wrong, at request <code>${requestId}</code>.</p>`;
  return layout({ title: '(!) Registry unreachable', staticFiles, content });
}

/** mcr-web itself failed. */
export function failureView({ requestId, staticFiles }: ErrorProps & { readonly requestId: string }): Fragment {
  const content = html`<h1>Something went wrong here</h1>
<p>The page could not be made. Please tell the operator: the log of mcr-web says why, at request
<code>${requestId}</code>.</p>
<p><a href="/">Go to the front page</a></p>`;
  return layout({ title: '(!) Error', staticFiles, content });
}

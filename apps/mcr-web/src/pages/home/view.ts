import { html } from 'hono/html';
import { type Fragment, layout } from '../../layout.ts';
import type { StaticFiles } from '../../static-files.ts';
import { commandBlocks } from './commands.ts';

/** What the page shows. */
export interface HomeProps {
  /** What container clients call the registry. */
  readonly name: string;
  /** Version of the registry's server. */
  readonly version: string;
  readonly staticFiles: StaticFiles;
}

/** The front page of a registry that answers. */
export function homeView({ name, version, staticFiles }: HomeProps): Fragment {
  const content = html`<h1>${name}</h1>
<p><span class="badge ok">running</span> mcrsrv ${version}</p>
<p>This is a private registry for container images and other OCI artifacts. You push to it and pull from it with the client
that you already use; what is stored here has names that begin with <code>${name}/</code>.</p>
${commandBlocks(name).map(
  ({ id, title, text, commands }) => html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
<p>${text}</p>
<pre tabindex="0" aria-labelledby="${id}"><code>${commands.join('\n')}</code></pre>
</section>
`,
)}`;
  return layout({ title: name, staticFiles, command: `mcrctl status --server https://${name}`, content });
}

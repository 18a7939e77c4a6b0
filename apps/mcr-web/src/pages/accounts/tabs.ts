import { html } from 'hono/html';
import type { Fragment } from '../../ui/page.ts';

/** Accounts that the registry or MCIAS keeps, people of providers, and who is a delegate, as tabs. */
export function accountTabs(current: 'accounts' | 'people' | 'delegations'): Fragment {
  const tab = (name: typeof current, href: string, words: string) =>
    html`<a href="${href}"${name === current ? html` aria-current="page"` : ''}>${words}</a>`;
  return html`<nav class="tabs" aria-label="Views">
${tab('accounts', '/accounts', 'Accounts')}
${tab('people', '/accounts/people', 'People from providers')}
${tab('delegations', '/delegations', 'Delegations')}
</nav>`;
}

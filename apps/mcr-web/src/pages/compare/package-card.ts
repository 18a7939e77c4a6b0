import { html } from 'hono/html';
import { clip, moreNote } from '../../ui/bounded.ts';
import { card } from '../../ui/card.ts';
import { counted } from '../../ui/format.ts';
import { head, table } from '../../ui/lists.ts';
import type { Fragment } from '../../ui/page.ts';
import type { Changes, ValueChange } from './config-changes.ts';

const maxRows = 300;

/** Packages that are newer, older, new or gone, as both SBOMs list them. */
export function packageCard({ changed, equal }: Changes): Fragment {
  const rows = changed.slice(0, maxRows).map(
    (
      change,
    ) => html`<tr role="row"><td role="cell" class="name"><bdi>${clip(change.name)}</bdi></td><td role="cell">${version(change.from)}</td><td role="cell">${version(change.to)}</td><td role="cell" class="muted">${meaning(change)}</td></tr>
`,
  );
  const content =
    changed.length === 0
      ? html`<p class="card__body muted">Nothing changed.</p>`
      : table(
          'table--plain t-doc',
          ['Name', 'Before', 'After', 'Means'].map((name) => head(name)),
          html`${rows}`,
        );
  const note = `from both SBOMs; ${counted(equal, 'is', 'are')} equal`;
  return card('packages', 'Packages', html`${content}${moreNote(changed.length, maxRows)}`, note);
}

function version(text: string | undefined): Fragment {
  return text === undefined ? html`<span class="faint">—</span>` : html`<code><bdi>${clip(text)}</bdi></code>`;
}

function meaning({ from, to }: ValueChange): string {
  if (from === undefined) return 'new';
  return to === undefined ? 'removed' : 'another version';
}

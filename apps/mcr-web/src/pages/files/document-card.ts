import { html } from 'hono/html';
import type { Document, DocumentTable } from '../../documents/document.ts';
import { moreNote } from '../../ui/bounded.ts';
import { card } from '../../ui/card.ts';
import { counted } from '../../ui/format.ts';
import { badge } from '../../ui/fragments.ts';
import { head, table } from '../../ui/lists.ts';
import type { Fragment } from '../../ui/page.ts';

/** What a tool says of an image: a summary, and the table below it. */
export function documentCard({ title, facts, note, table: rows }: Document): Fragment {
  const pairs = facts.map(([name, text]) => html`<dt>${name}</dt><dd><bdi>${text}</bdi></dd>`);
  const summary = html`<div class="card__body">${note === undefined ? '' : html`<p class="muted doc__note">${note}</p>`}<dl class="kv">${pairs}</dl></div>`;
  return html`${card('document', title, summary)}
${rows === undefined || rows.total === 0 ? '' : tableCard(rows)}`;
}

function tableCard({ title, heads, rows, total }: DocumentTable): Fragment {
  const cell = (text: string, at: number) => {
    const label = heads[at] ?? '';
    const content =
      label === 'Severity'
        ? badge(text === 'critical' || text === 'high' ? 'bad' : 'neutral', text)
        : html`<bdi>${text}</bdi>`;
    return html`<td role="cell"${at === 0 ? html` class="name"` : ''}>${content}</td>`;
  };
  const lines = rows.map(
    (row) => html`<tr role="row">${row.map(cell)}</tr>
`,
  );
  const columns = heads.map((name) => head(name));
  return card(
    'rows',
    title,
    html`${table('table--plain t-doc', columns, html`${lines}`)}${moreNote(total, rows.length)}`,
    counted(total, 'row'),
  );
}

import { html } from 'hono/html';
import { bytesPart, legend, stackedBar } from '../../ui/chart.ts';
import { csrfField, problemNote, textField } from '../../ui/forms.ts';
import { icon } from '../../ui/icons.ts';
import { repositoryPath } from '../../ui/links.ts';
import type { Fragment } from '../../ui/page.ts';
import type { RepositoryProps } from './props.ts';

/** What a repository is for, and what it weighs. */
export function repositoryAside(props: RepositoryProps): Fragment {
  const { repository, name, isAdmin } = props;
  const { description } = repository;
  return html`<aside class="aside" aria-label="About this repository">
<section><h2>About</h2>${description === undefined ? html`<p class="faint">No description yet</p>` : html`<p class="prose">${description}</p>`}
${isAdmin ? descriptionForm(props) : ''}</section>
<section><h2>Reference</h2><code>${name}/${repository.name}</code></section>
${sizeSection(props)}
</aside>`;
}

function descriptionForm({ repository, csrf, typed }: RepositoryProps): Fragment {
  const { name, description } = repository;
  const words = description === undefined ? 'Add a description…' : 'Change the description…';
  const value = typed?.description ?? description ?? '';
  return html`<details class="more"${typed === undefined ? '' : html` open`}><summary>${icon('pencil', 'sm')}${words}</summary>
<form method="post" action="${repositoryPath(name)}" class="form">${csrfField(csrf)}${problemNote(typed?.problem)}
${textField('Description', { name: 'description', maxlength: 500, value })}
<div class="form__acts"><button class="btn">Save description</button></div></form></details>`;
}

function sizeSection({ repository, uniqueSize }: RepositoryProps): Fragment {
  const { totalSize } = repository;
  if (totalSize === 0n) return html``;
  const parts = [
    bytesPart('Only here', uniqueSize, 'c1'),
    bytesPart('Shared with others', totalSize > uniqueSize ? totalSize - uniqueSize : 0n, 'c3'),
  ];
  return html`<section><h2>Size</h2>${stackedBar(parts)}${legend(parts)}</section>`;
}

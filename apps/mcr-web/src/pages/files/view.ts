import { html } from 'hono/html';
import type { Document } from '../../documents/document.ts';
import { clip } from '../../ui/bounded.ts';
import { card, facts, pageHead } from '../../ui/card.ts';
import { bytesText, size as sizeOf } from '../../ui/format.ts';
import { badge, digest, inlineCopyButton, shortDigest } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { downloadPath, manifestPath } from '../../ui/links.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { repositoryCrumbs } from '../../ui/refs.ts';
import type { Descriptor } from '../manifest/read-manifest.ts';
import { documentCard } from './document-card.ts';

/** Longer texts are for an editor. */
const maxText = 64 * 1024;

interface FileProps {
  readonly repository: string;
  readonly manifest: string;
  readonly file: Descriptor;
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly document: Document | undefined;
}

/** A file of a manifest: what it is, and its text. */
export function fileView({ repository, manifest, file, bytes, size, document }: FileProps): Page {
  const title = clip(file.annotations.get('org.opencontainers.image.title') ?? document?.title ?? file.mediaType);
  const about = facts([
    badge('neutral', document?.title ?? 'file'),
    html`<b>${sizeOf(size)}</b>`,
    html`of ${digest(manifest, manifestPath(repository, manifest))}`,
    html`<code>${shortDigest(file.digest)}</code>${inlineCopyButton(file.digest, 'digest')}`,
  ]);
  const download = html`<a class="btn btn--primary" href="${downloadPath(repository, manifest, file.digest)}" download>${icon('download')}Download</a>`;
  return {
    title: `${repository} ${shortDigest(file.digest)}`,
    crumbs: repositoryCrumbs(repository, shortDigest(file.digest)),
    content: html`${pageHead(title, about, download)}
<div class="stack">${document === undefined ? '' : documentCard(document)}${textCard(bytes, size)}</div>`,
  };
}

function textCard(bytes: Uint8Array, size: number): Fragment {
  const text = textIn(bytes.subarray(0, maxText));
  if (text === undefined) {
    return card(
      'text',
      'Text',
      html`<p class="card__body muted">The file is not text. Download it to look into it.</p>`,
    );
  }
  const note = size > maxText ? `the first ${bytesText(maxText)} of ${bytesText(size)}` : bytesText(size);
  return card(
    'text',
    'Text',
    html`<pre class="json" tabindex="0" aria-label="Text of the file"><code>${text}</code></pre>`,
    note,
  );
}

/** The text in bytes that are UTF-8 without control characters; the last character may be cut. */
function textIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return /[^\P{Cc}\s]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

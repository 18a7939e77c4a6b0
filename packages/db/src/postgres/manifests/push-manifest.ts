import { type Digest, versionKey } from '@mcr/core';
import type { Manifests, PushManifest } from '../../facets/manifests.ts';
import { missingBlobs } from '../../rejections.ts';
import { eventOf } from '../audit/record-event.ts';
import type { Operation } from '../facet.ts';
import { summaryValues } from './summary-rows.ts';

type Pushed = { readonly missing: readonly Digest[] } | { readonly result: { readonly created: boolean } };

export const pushManifest: Operation<Manifests['push']> = (connection) => {
  const text =
    'SELECT push_manifest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) AS made';
  return async (input) => {
    const { repository, digest, mediaType, artifactType, subject, content, tags, summary, reviewAfter, now } = input;
    const event = eventOf(input, { type: 'manifest_pushed', repository, digest, details: describe(input) });
    const [row] = await connection.call<{ made: Pushed }>(input, text, [
      repository,
      digest,
      mediaType,
      artifactType,
      subject,
      content,
      input.blobs,
      input.optionalBlobs,
      input.children,
      tags,
      tags.map((tag) => versionKey(tag)),
      ...summaryValues(summary),
      reviewAfter,
      now,
      event,
    ]);
    const { made } = row!;
    if ('missing' in made) throw missingBlobs(made.missing);
    return made.result;
  };
};

function describe({ tags, mediaType, content }: PushManifest): Record<string, string> {
  const facts = { media_type: mediaType, size: String(content.byteLength) };
  return tags.length === 0 ? facts : { tag: tags.join(','), ...facts };
}

import { formatReference } from '@mcr/core';
import type { Manifests, PullStamp } from '../../facets/manifests.ts';
import { unknownManifest } from '../../rejections.ts';
import type { Operation } from '../facet.ts';
import { inService, type ManifestKey } from './find-manifest.ts';

interface Row extends PullStamp {
  readonly n: number;
}

/** No tag looks like a digest, so that a reference need not say which of them it is. */
const text = `SELECT k.n, v.accounts, v.policy, m.digest, m.media_type AS "mediaType"
  FROM (SELECT (SELECT n FROM versions WHERE scope = 'accounts') AS accounts, (SELECT n FROM versions WHERE scope = 'policy') AS policy) v
  CROSS JOIN unnest($1::text[], $2::text[]) WITH ORDINALITY k (repository, reference, n)
  JOIN repositories r ON r.name = k.repository
  JOIN LATERAL (
    SELECT id, digest, media_type FROM manifests WHERE id = (SELECT manifest_id FROM tags WHERE repository_id = r.id AND name = k.reference)
    UNION ALL
    SELECT id, digest, media_type FROM manifests WHERE repository_id = r.id AND digest = k.reference) m ON ${inService}`;

export const stampPull: Operation<Manifests['stamp']> = (connection) => {
  const lookUp = async (keys: readonly ManifestKey[]): Promise<(PullStamp | undefined)[]> => {
    // Many of those who pull at once pull the same.
    const names = keys.map(({ repository, reference }) => `${repository} ${formatReference(reference)}`);
    const distinct = [...new Set(names)].map((name) => name.split(' '));
    const columns = [distinct.map(([repository]) => repository), distinct.map(([, reference]) => reference)];
    const found = new Map<string, PullStamp>();
    for (const { n, ...stamp } of await connection.lookUp<Row>(text, columns)) {
      found.set(distinct[n - 1]!.join(' '), stamp);
    }
    return names.map((name) => found.get(name));
  };
  return async (repository, reference) => {
    const stamp = await connection.grouped(lookUp, { repository, reference });
    if (stamp === undefined) throw unknownManifest(reference);
    return stamp;
  };
};

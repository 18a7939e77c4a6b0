import { hasDigest } from '@mcr/core';
import { and, eq, sql } from 'drizzle-orm';
import type { ManifestName, Manifests } from '../../facets/manifests.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { damagedManifests, manifests, repositories } from '../schema/index.ts';

export const quarantineManifest: Operation<Manifests['quarantine']> = (connection) => {
  const look = prepareLook(connection);
  const log = prepareEventLog(connection);
  const mark = connection.db
    .insert(damagedManifests)
    .values({ manifestId: sql.placeholder('id'), quarantinedAt: sql.placeholder('now') })
    .onConflictDoNothing()
    .prepare();
  return (input) => {
    const { repository, digest, now } = input;
    return connection.write(() => {
      const found = look(input);
      if (found === undefined || found.isRight || mark.run({ id: found.id, now }).changes === 0) return false;
      log.record(input, { type: 'manifest_quarantined', repository, digest });
      return true;
    });
  };
};

export const releaseManifest: Operation<Manifests['release']> = (connection) => {
  const look = prepareLook(connection);
  const log = prepareEventLog(connection);
  const unmark = connection.db
    .delete(damagedManifests)
    .where(eq(damagedManifests.manifestId, sql.placeholder('id')))
    .prepare();
  return (input) => {
    const { repository, digest } = input;
    return connection.write(() => {
      const found = look(input);
      if (found?.isRight !== true || unmark.run({ id: found.id }).changes === 0) return false;
      log.record(input, { type: 'manifest_released', repository, digest });
      return true;
    });
  };
};

export const countQuarantinedManifests: Operation<Manifests['countQuarantined']> = ({ db }) => {
  const statement = db.select({ n: sql<number>`count(*)` }).from(damagedManifests).prepare();
  return () => statement.get()?.n ?? 0;
};

/** Looks at a manifest's content within the transaction that decides: a push may just have put it right. */
function prepareLook({ db }: Connection) {
  const statement = db
    .select({ id: manifests.id, content: manifests.content })
    .from(repositories)
    .innerJoin(manifests, eq(manifests.repositoryId, repositories.id))
    .where(and(eq(repositories.name, sql.placeholder('repository')), eq(manifests.digest, sql.placeholder('digest'))))
    .prepare();
  return ({ repository, digest }: ManifestName): { readonly id: number; readonly isRight: boolean } | undefined => {
    const row = statement.get({ repository, digest });
    return row && { id: row.id, isRight: hasDigest(row.content, digest) };
  };
}

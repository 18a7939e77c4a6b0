import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Config, type ConfigProblem, directoryProblems, readCertificatePair, StartError } from '@mcr/config';
import { systemClock } from '@mcr/core';
import { examineDatabase, examinePostgres } from '@mcr/db';
import { readAuthorities } from '@mcr/server-kit';
import { examineBucket, isOwned } from '@mcr/storage';
import { diskOf, inspectBlobs } from '../blob-stores.ts';
import { workloadsOf } from '../identity.ts';
import { assertNotLost, hasDatabase } from '../lost-database.ts';
import { foreignLayers } from '../own-layers.ts';
import { s3Options } from '../s3-options.ts';
import { oidcClientOf } from '../sign-ins.ts';
import { signingKeyProblems } from '../signing-key.ts';
import { assertClock, databasePlace, postgresOptions, sqlitePath } from '../stores.ts';
import { opening } from './opening.ts';

/**
 * All that would keep a server with this configuration from starting, apart from its addresses; an empty list if
 * nothing would. Changes nothing, and works beside a server that runs.
 */
export async function preflight(config: Config): Promise<ConfigProblem[]> {
  const { server, storage, mcias } = config;
  const ofBlobs = storage.driver === 's3' ? await bucketProblems(config) : await diskProblems(config);
  return [
    ...(await found('server.tls_cert', () =>
      readCertificatePair({ section: 'server', certPath: server.tlsCert, keyPath: server.tlsKey }),
    )),
    ...(await found(
      'mcias.ca_cert',
      () => mcias.caCert === undefined || readAuthorities('mcias.ca_cert', mcias.caCert),
    )),
    ...(await found('workload', () => workloadsOf(config))),
    ...(await found('oidc', () => config.oidc.map((section) => oidcClientOf(section, systemClock)))),
    ...ofBlobs,
    ...(await databaseProblems(config)),
    ...(await signingKeyProblems(config)),
    // Of a bucket that cannot be used nothing else can be said.
    ...(storage.driver === 's3' && ofBlobs.length > 0 ? [] : await checkLayers(config)),
  ];
}

async function diskProblems({ storage }: Config): Promise<readonly ConfigProblem[]> {
  const { layersPath, uploadsPath } = diskOf(storage);
  return [
    ...directoryProblems('storage.layers_path', layersPath, { made: true }),
    ...directoryProblems('storage.uploads_path', uploadsPath, { made: true }),
    ...(await found('storage.layers_path', () => isOwned(layersPath))),
  ];
}

/** Writes an object and removes it again: whether that is allowed shows in no other way. */
async function bucketProblems({ s3 }: Config): Promise<readonly ConfigProblem[]> {
  return await found('s3.endpoint', async () => {
    const problems = await examineBucket(s3Options(s3));
    if (problems.length > 0) throw new StartError(problems);
  });
}

/** What `work` throws, as a problem of a key unless it names one itself. */
async function found(key: string, work: () => unknown): Promise<readonly ConfigProblem[]> {
  try {
    await work();
    return [];
  } catch (error) {
    return error instanceof StartError ? error.problems : [{ key, message: (error as Error).message }];
  }
}

async function databaseProblems(config: Config): Promise<readonly ConfigProblem[]> {
  const path = sqlitePath(config);
  if (path !== undefined) {
    return [
      ...directoryProblems('database.path', dirname(path), { made: false }),
      ...(await found('database.path', () => checkDatabase(path, config))),
    ];
  }
  const { key, name } = databasePlace(config);
  return await found(key, async () => {
    const { clockOffset } = await opening(key, name, () => examinePostgres(postgresOptions(config)!));
    assertClock(clockOffset, key);
  });
}

async function checkDatabase(path: string, config: Config): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isFile()) throw new Error(`"${path}" is not a file; choose another path`);
  if (await hasDatabase(path)) return examineDatabase(path);
  const blobs = await inspectBlobs(config).catch(() => undefined);
  if (blobs !== undefined) await assertNotLost(path, blobs);
}

async function checkLayers(config: Config): Promise<readonly ConfigProblem[]> {
  // A database that cannot be read is a problem of its own.
  const problem = await foreignLayers(config).catch(() => undefined);
  return problem === undefined ? [] : [problem];
}

import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Config, type ConfigProblem, directoryProblems, readCertificatePair, StartError } from '@mcr/config';
import { examineDatabase, examinePostgres } from '@mcr/db';
import { readAuthorities } from '@mcr/server-kit';
import { DiskBlobInspector, isOwned } from '@mcr/storage';
import { workloadsOf } from '../identity.ts';
import { assertNotLost, hasDatabase } from '../lost-database.ts';
import { foreignLayers } from '../own-layers.ts';
import { signingKeyProblems } from '../signing-key.ts';
import { databasePlace, postgresOptions, sqlitePath } from '../stores.ts';
import { opening } from './opening.ts';

/**
 * All that would keep a server with this configuration from starting, apart from its addresses; an empty list if
 * nothing would. Changes nothing, and works beside a server that runs.
 */
export async function preflight(config: Config): Promise<ConfigProblem[]> {
  const { server, storage, mcias } = config;
  return [
    ...(await found('server.tls_cert', () =>
      readCertificatePair({ section: 'server', certPath: server.tlsCert, keyPath: server.tlsKey }),
    )),
    ...(await found(
      'mcias.ca_cert',
      () => mcias.caCert === undefined || readAuthorities('mcias.ca_cert', mcias.caCert),
    )),
    ...(await found('workload', () => workloadsOf(config))),
    ...directoryProblems('storage.layers_path', storage.layersPath, { made: true }),
    ...directoryProblems('storage.uploads_path', storage.uploadsPath, { made: true }),
    ...(await found('storage.layers_path', () => isOwned(storage.layersPath))),
    ...(await databaseProblems(config)),
    ...(await signingKeyProblems(config)),
    ...(await checkLayers(config)),
  ];
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
  return await found(key, () => opening(key, name, () => examinePostgres(postgresOptions(config)!)));
}

async function checkDatabase(path: string, { storage }: Config): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isFile()) throw new Error(`"${path}" is not a file; choose another path`);
  if (await hasDatabase(path)) return examineDatabase(path);
  const blobs = await DiskBlobInspector.open(storage).catch(() => undefined);
  if (blobs !== undefined) await assertNotLost(path, blobs);
}

async function checkLayers(config: Config): Promise<readonly ConfigProblem[]> {
  // A database that cannot be read is a problem of its own.
  const problem = await foreignLayers(config).catch(() => undefined);
  return problem === undefined ? [] : [problem];
}

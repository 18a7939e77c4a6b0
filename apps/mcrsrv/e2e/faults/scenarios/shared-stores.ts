import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type OciClient,
  type SharedStores,
  startRegistry,
  startSharedStores,
  startTcpRelay,
  type TcpRelay,
  type TestRegistry,
} from '@mcr/testkit';
import { Library } from '../_util/library.ts';
import { Observation, type Row } from '../_util/observation.ts';
import type { Scenario } from '../_util/scenario.ts';
import { startInVain } from '../_util/start-in-vain.ts';
import { untilTrue } from '../_util/until.ts';

interface Setting {
  readonly registry: TestRegistry;
  readonly library: Library;
  readonly client: OciClient;
  readonly stores: SharedStores;
  /** The ways to PostgreSQL and to S3. */
  readonly postgres: TcpRelay;
  readonly s3: TcpRelay;
}

/** Ends all connections of a relay while a task runs, and takes no others. */
async function without(relay: TcpRelay, task: () => Promise<void>): Promise<void> {
  const { target } = relay;
  relay.target = 1;
  relay.cut();
  await task();
  relay.target = target;
}

const worksAgain = async ({ client, library }: Setting, digest: string): Promise<void> =>
  await untilTrue(async () => (await client.getBlob(library.repository, digest)).status === 200, 'a GET of a blob');

async function postgresDown(setting: Setting): Promise<Row> {
  const { registry, library, client, postgres } = setting;
  const { config, manifest } = await library.push(client, 'v1');
  const seen = new Observation('PostgreSQL is down', 'its connections are closed, and it takes no others', registry);
  await without(postgres, async () => {
    await seen.ask('GET of a manifest', () => client.getManifest(library.repository, 'v1'));
    await seen.ask('GET of a blob', () => client.getBlob(library.repository, config.digest));
    await seen.ask('PUT of a manifest', () => client.pushManifest(library.repository, 'v2', manifest));
    await seen.ask('`/v1/ready`', () => client.request('GET', '/v1/ready'));
    await seen.logged(registry, /request failed/);
    seen.lives(registry);
  });
  await worksAgain(setting, config.digest);
  await library.verify(client);
  seen.kept('all, without a restart');
  return seen.row();
}

async function postgresReadOnly(setting: Setting): Promise<Row> {
  const { registry, library, client, stores } = setting;
  const { config, manifest } = await library.push(client, 'v2');
  const seen = new Observation('PostgreSQL takes no writes', 'as a standby, or a primary that was demoted', registry);
  const [row] = await stores.query('SELECT current_database() AS name');
  const setReadOnly = async (value: string): Promise<void> => {
    const name = String(row?.['name']);
    const alter = `ALTER DATABASE ${name} SET default_transaction_read_only = ${value}`;
    await stores.query(`BEGIN READ WRITE; ${alter}; COMMIT`);
    await stores.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`);
  };
  await setReadOnly('on');
  await seen.ask('POST of a session', () => client.startUpload(library.repository));
  await seen.ask('PUT of a manifest', () => client.pushManifest(library.repository, 'v3', manifest));
  await seen.logged(registry, /request failed/);
  seen.lives(registry);
  await setReadOnly('off');
  await worksAgain(setting, config.digest);
  await library.verify(client);
  seen.kept('all, without a restart');
  return seen.row();
}

async function s3Down(setting: Setting): Promise<Row> {
  const { registry, library, client, s3 } = setting;
  const { config, layers, manifest } = await library.push(client, 'v4');
  const seen = new Observation('S3 is down', 'its connections are closed, and it takes no others', registry);
  await without(s3, async () => {
    await seen.ask('GET of a blob', () => client.getBlob(library.repository, config.digest));
    await seen.ask('POST of a blob', () => client.pushBlob(library.repository, layers[0]!, 'post'));
    await seen.ask('GET of a manifest', () => client.getManifest(library.repository, 'v4'));
    await seen.ask('PUT of a manifest', () => client.pushManifest(library.repository, 'v5', manifest));
    await seen.ask('`/v1/ready`', () => client.request('GET', '/v1/ready'));
    await seen.logged(registry, /^(?=.*request failed).*storage of the registry/);
    seen.lives(registry);
  });
  await worksAgain(setting, config.digest);
  await library.verify(client);
  seen.kept('all, without a restart');
  return seen.row();
}

async function objectGone(setting: Setting): Promise<Row> {
  const { registry, library, client, stores } = setting;
  const { config, layers } = await library.push(client, 'v6');
  const seen = new Observation('An object of S3 is gone', 'it was removed from the bucket', registry);
  const [row] = await stores.query(`SELECT locator FROM blobs WHERE digest = '${layers[0]!.digest}'`);
  await rm(join(stores.s3.directory, 'b', String(row?.['locator'])));
  await seen.ask('GET of the blob', () => client.getBlob(library.repository, layers[0]!.digest));
  await seen.ask('GET of another blob', () => client.getBlob(library.repository, config.digest));
  await seen.logged(registry, /out of service/);
  await seen.ask('the next push of it', () => client.pushBlob(library.repository, layers[0]!));
  seen.lives(registry);
  await library.verify(client);
  seen.kept('all: the push has healed it');
  return seen.row();
}

async function noBucketAtStart({ registry, library, stores }: Setting): Promise<Row> {
  const seen = new Observation('No bucket at the start', 'it was removed, or has another name', registry);
  await registry.stop();
  const { directory } = stores.s3;
  await rename(directory, `${directory}-away`);
  const attempt = await startInVain(registry);
  seen.note('start', 'rejected');
  await seen.logged(attempt, /there is no bucket/);
  seen.ended(attempt);
  await rename(`${directory}-away`, directory);
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

/** PostgreSQL and S3 that do not do their work. */
export const sharedStores: Scenario = {
  name: 'PostgreSQL and S3',
  tools: ['versitygw', 'pg_lsclusters'],
  async run() {
    await using stores = await startSharedStores();
    const [database, endpoint] = [stores.env['MCR_DATABASE_URL'] ?? '', stores.s3.endpoint].map((url) => new URL(url));
    await using postgres = await startTcpRelay(Number(database!.port));
    await using s3 = await startTcpRelay(Number(endpoint!.port));
    database!.port = String(postgres.port);
    endpoint!.port = String(s3.port);
    const env = { ...stores.env, MCR_DATABASE_URL: database!.href, MCR_S3_ENDPOINT: endpoint!.origin };
    await using registry = await startRegistry({ env });
    const client = registry.client();
    const setting: Setting = { registry, library: new Library(registry), client, stores, postgres, s3 };
    const rows: Row[] = [];
    for (const observe of [postgresDown, postgresReadOnly, s3Down, objectGone, noBucketAtStart]) {
      rows.push(await observe(setting));
    }
    return rows;
  },
};

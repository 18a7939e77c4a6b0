import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createTestCa,
  type FakeMcias,
  type FakeMciasOptions,
  freePort,
  startFakeMcias,
  startRegistry,
  type TestRegistry,
  tempDirectory,
} from '@mcr/testkit';
import { Library } from '../_util/library.ts';
import { Observation, type Row } from '../_util/observation.ts';
import type { Scenario } from '../_util/scenario.ts';

const account = { username: 'alice', password: 'the password of alice' };
const basic = `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`;
const hourMs = 3_600_000;

/** Starts an identity service at the place of the one before, with what is wrong with it. */
type Start = (options?: Pick<FakeMciasOptions, 'ca' | 'notAfter'>) => Promise<FakeMcias>;

interface Outage {
  readonly fault: string;
  readonly done: string;
  /** Breaks a service that works; what it returns is ended afterwards. */
  readonly begin: (mcias: FakeMcias, start: Start) => Promise<FakeMcias | undefined>;
}

const outages: readonly Outage[] = [
  {
    fault: 'MCIAS does not respond in time',
    done: 'it holds every response back',
    begin: async (mcias) => {
      mcias.setFault('slow');
      return undefined;
    },
  },
  {
    fault: 'MCIAS talks nonsense',
    done: 'it responds with 200 and a page of HTML',
    begin: async (mcias) => {
      mcias.setFault('malformed');
      return undefined;
    },
  },
  {
    fault: 'MCIAS has the certificate of another server',
    done: 'another service took its place',
    begin: async (mcias, start) => {
      await mcias.close();
      return await start({ ca: await createTestCa() });
    },
  },
  {
    fault: 'The certificate of MCIAS has expired',
    done: 'it ended an hour ago',
    begin: async (mcias, start) => {
      await mcias.close();
      return await start({ notAfter: new Date(Date.now() - hourMs) });
    },
  },
  {
    fault: 'MCIAS is down',
    done: 'it was stopped',
    begin: async (mcias) => {
      await mcias.close();
      return undefined;
    },
  },
];

/** Asks as a user who logs in, as one whose token is in use, and as one whose token is not. */
async function observe(registry: TestRegistry, start: Start, { fault, done, begin }: Outage): Promise<Row> {
  await using mcias = await start();
  const library = new Library(registry);
  const [known, unseen, stranger] = [registry.client(account), registry.client(account), registry.client({})];
  await library.push(known, 'v1');
  await unseen.token();
  const seen = new Observation(fault, done, registry);
  {
    await using _replacement = await begin(mcias, start);
    await Promise.all([
      seen.ask('pull with a token in use', () => known.getManifest(library.repository, 'v1')),
      seen.ask('pull with another token', () => unseen.getManifest(library.repository, 'v1')),
      seen.ask('login', () => stranger.request('GET', '/v2/token', { authorization: basic })),
    ]);
    await seen.logged(registry, /identity service/i);
    seen.lives(registry);
  }
  await mcias.close();
  await using _again = await start();
  await library.verify(registry.client(account));
  seen.kept('all');
  return seen.row();
}

/** An identity service that does not do its work. */
export const identity: Scenario = {
  name: 'identity service',
  tools: [],
  async run() {
    await using directory = await tempDirectory();
    const [ca, port] = [await createTestCa(), await freePort()];
    const caCert = join(directory.path, 'mcias-ca.crt');
    await writeFile(caCert, ca.caPem);
    const start: Start = async (options = {}) => {
      const mcias = await startFakeMcias({ port, ca, ...options });
      mcias.addAccount({ ...account, roles: ['admin'] });
      return mcias;
    };
    const env = {
      MCR_AUTH_PROVIDER: 'mcias',
      MCR_MCIAS_SERVER_URL: `https://127.0.0.1:${port}`,
      MCR_MCIAS_CA_CERT: caCert,
    };
    await using registry = await startRegistry({ env });
    const rows: Row[] = [];
    for (const outage of outages) rows.push(await observe(registry, start, outage));
    return rows;
  },
};

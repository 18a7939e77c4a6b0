import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildImage,
  createOciClient,
  createSkopeo,
  createTestCa,
  freePort,
  type OciClient,
  runOk,
  type Skopeo,
  startProcess,
  startRegistry,
  type TestImage,
  type TestRegistry,
  writeOciLayout,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { expectSame, expectSuccess } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources } from '../shared.ts';
import { type Proxy, proxies } from './_util/proxies.ts';
import { findTool, requireTools } from './_util/tools.ts';

/** Above what any proxy keeps in memory; `MCR_TEST_LAYER_BYTES=2147483648 npm test -- proxies` takes longer. */
const layerBytes = Number(process.env['MCR_TEST_LAYER_BYTES'] ?? 48 << 20);
const slow = { timeout: 900_000 };

/** A proxy that runs. */
interface Front {
  readonly host: string;
  readonly baseUrl: string;
  readonly caPath: string;
  readonly client: OciClient;
}

describe.skipIf(!requireTools('skopeo', 'curl', ...proxies.map(({ name }) => name)))('behind a proxy', () => {
  const shared = sharedResources();
  let directory: string;
  let registry: TestRegistry;
  let image: TestImage;

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    // A proxy that is not root finds its own files in there.
    await chmod(directory, 0o711);
    registry = shared.use(await startRegistry({ env: { MCR_SERVER_TRUSTED_PROXIES: '127.0.0.1' } }));
    await mkdir(join(directory, 'layers'));
    image = await buildImage({ layers: [{ size: layerBytes, directory: join(directory, 'layers') }, { size: 10 }] });
    await writeOciLayout(join(directory, 'image'), image, 'v1');
  }, slow.timeout);

  /** Starts a proxy in front of a registry, and waits until the latter responds through it. */
  async function front(proxy: Proxy, name: string, behind: TestRegistry): Promise<Front> {
    const own = join(directory, name);
    await mkdir(own);
    const ca = await createTestCa();
    const { certPem, keyPem } = await ca.issue();
    const files = { cert: join(own, 'tls.crt'), key: join(own, 'tls.key') };
    const caPath = join(own, 'ca.crt');
    await writeFile(files.cert, certPem);
    await writeFile(files.key, keyPem);
    await writeFile(caPath, ca.caPem);
    const port = await freePort();
    const [command, ...args] = await proxy.prepare({ registry: behind, directory: own, port, ...files });
    const env = { ...process.env, HOME: own, XDG_DATA_HOME: own, XDG_CONFIG_HOME: own };
    const program = findTool(command) ?? command;
    const { user } = proxy;
    if (user !== undefined) await runOk('chown', ['--recursive', user, own]);
    const as = ['--reuid', user ?? 'root', '--clear-groups', '--', program, ...args];
    const running = shared.use(await startProcess('setpriv', as, { env }));
    const host = `127.0.0.1:${port}`;
    const baseUrl = `https://${host}`;
    const client = shared.use(
      createOciClient({ baseUrl, ca: ca.caPem, username: 'admin', password: behind.adminPassword }),
    );
    const ready = async (): Promise<void> => {
      const { status } = await client.request('GET', '/v1/ready').catch(() => ({ status: 0 }));
      expect(status, running.output()).toBe(200);
    };
    await vi.waitFor(ready, { timeout: 20_000 });
    return { host, baseUrl, caPath, client };
  }

  describe.each(proxies.map((proxy, at) => ({ ...proxy, stranger: `127.0.0.${at + 2}` })))('$name', (proxy) => {
    let at: Front;
    let skopeo: Skopeo;

    beforeAll(async () => {
      at = await front(proxy, proxy.name, registry);
      skopeo = createSkopeo(await clientOptions(directory, `${proxy.name}-skopeo`, at.caPath));
    });

    test('clients are sent for tokens and uploads to where they came from', async () => {
      const rejected = await at.client.request('GET', '/v2/', { authorization: null });
      expect(rejected.status).toBe(401);
      expect(rejected.header('www-authenticate')).toContain(`Bearer realm="${at.baseUrl}/v2/token",service="mcr"`);
      const started = await at.client.request('POST', '/v2/where/from/blobs/uploads/');
      expect(started.status).toBe(202);
      expect(started.header('location')).toMatch(/^\/v2\/where\/from\/blobs\/uploads\/[0-9a-f-]{36}/);
    });

    test('clients are sent to server.public_url when there is one, by whatever name they came', async () => {
      const publicUrl = 'https://registry.example.com';
      const env = { MCR_SERVER_TRUSTED_PROXIES: '127.0.0.1', MCR_SERVER_PUBLIC_URL: publicUrl };
      const named = shared.use(await startRegistry({ env }));
      const { client } = await front(proxy, `${proxy.name}-named`, named);
      const rejected = await client.request('GET', '/v2/', { authorization: null });
      expect(rejected.header('www-authenticate')).toContain(`Bearer realm="${publicUrl}/v2/token",service="mcr"`);
    });

    test('the registry knows whom a request is from', async () => {
      const { stranger } = proxy;
      const seen = (): number => registry.log().split(`"ip":"${stranger}"`).length - 1;
      expect(seen()).toBe(0);
      await runOk('curl', ['--silent', '--cacert', at.caPath, '--interface', stranger, `${at.baseUrl}/v1/health`]);
      await expect.poll(seen, { timeout: 10_000 }).toBe(1);
    });

    test('a client logs in, pushes a large layer and pulls it', slow, async () => {
      expectSuccess(await skopeo.login(at.host, 'admin', registry.adminPassword));
      const reference = `docker://${at.host}/behind/${proxy.name}:v1`;
      expectSuccess(await skopeo.copy(`oci:${directory}/image:v1`, reference));
      await expectSame(at.client, `behind/${proxy.name}`, 'v1', image);
    });
  });
});

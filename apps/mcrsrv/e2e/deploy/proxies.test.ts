import { mkdir, writeFile } from 'node:fs/promises';
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
import { proxies } from './_util/proxies.ts';
import { findTool, requireTools } from './_util/tools.ts';

/** Above what any proxy keeps in memory; `MCR_TEST_LAYER_BYTES=2147483648 npm test -- proxies` takes longer. */
const layerBytes = Number(process.env['MCR_TEST_LAYER_BYTES'] ?? 48 << 20);
const slow = { timeout: 900_000 };

describe.skipIf(!requireTools('skopeo', 'curl', ...proxies.map(({ name }) => name)))('behind a proxy', () => {
  const shared = sharedResources();
  let directory: string;
  let registry: TestRegistry;
  let image: TestImage;

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    registry = shared.use(await startRegistry({ env: { MCR_SERVER_TRUSTED_PROXIES: '127.0.0.1' } }));
    await mkdir(join(directory, 'layers'));
    image = await buildImage({ layers: [{ size: layerBytes, directory: join(directory, 'layers') }, { size: 10 }] });
    await writeOciLayout(join(directory, 'image'), image, 'v1');
  }, slow.timeout);

  describe.each(proxies)('$name', (proxy) => {
    let baseUrl: string;
    let host: string;
    let caPath: string;
    let client: OciClient;
    let skopeo: Skopeo;

    beforeAll(async () => {
      const own = join(directory, proxy.name);
      await mkdir(own);
      const ca = await createTestCa();
      const { certPem, keyPem } = await ca.issue();
      const files = { cert: join(own, 'tls.crt'), key: join(own, 'tls.key') };
      caPath = join(own, 'ca.crt');
      await writeFile(files.cert, certPem);
      await writeFile(files.key, keyPem);
      await writeFile(caPath, ca.caPem);
      const port = await freePort();
      const [command, ...args] = await proxy.prepare({ registry, directory: own, port, ...files });
      const env = { ...process.env, HOME: own, XDG_DATA_HOME: own, XDG_CONFIG_HOME: own };
      const running = shared.use(await startProcess(findTool(command) ?? command, args, { env }));
      host = `127.0.0.1:${port}`;
      baseUrl = `https://${host}`;
      client = shared.use(
        createOciClient({ baseUrl, ca: ca.caPem, username: 'admin', password: registry.adminPassword }),
      );
      const ready = async (): Promise<void> => {
        const { status } = await client.request('GET', '/v1/ready').catch(() => ({ status: 0 }));
        expect(status, running.output()).toBe(200);
      };
      await vi.waitFor(ready, { timeout: 20_000 });
      skopeo = createSkopeo(await clientOptions(directory, `${proxy.name}-skopeo`, caPath));
    });

    test('clients are sent for tokens and uploads to where they came from', async () => {
      const refused = await client.request('GET', '/v2/', { authorization: null });
      expect(refused.status).toBe(401);
      expect(refused.header('www-authenticate')).toContain(`Bearer realm="${baseUrl}/v2/token",service="mcr"`);
      const started = await client.request('POST', '/v2/where/from/blobs/uploads/');
      expect(started.status).toBe(202);
      expect(new URL(started.header('location') ?? '', `${baseUrl}/v2/`).origin).toBe(baseUrl);
    });

    test('the registry knows whom a request is from', async () => {
      const known = 'from=127.0.0.2';
      await runOk('curl', [
        '--silent',
        '--cacert',
        caPath,
        '--interface',
        '127.0.0.2',
        `${baseUrl}/v1/health?${known}`,
      ]);
      const seen = () =>
        registry
          .log()
          .split('\n')
          .filter((line) => line.includes('"ip":"127.0.0.2"')).length;
      await expect.poll(seen).toBeGreaterThan(0);
    });

    test('a client logs in, pushes a large layer and pulls it', slow, async () => {
      expectSuccess(await skopeo.login(host, 'admin', registry.adminPassword));
      const reference = `docker://${host}/behind/${proxy.name}:v1`;
      expectSuccess(await skopeo.copy(`oci:${directory}/image:v1`, reference));
      await expectSame(client, `behind/${proxy.name}`, 'v1', image);
    });
  });
});

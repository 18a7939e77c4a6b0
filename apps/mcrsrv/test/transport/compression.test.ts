import { blobOf, descriptorOf } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const name = 'team/app';

// Go clients offer gzip and drop the Content-Length of what comes so (https://pkg.go.dev/net/http#Transport).
test.each(['gzip', 'zstd;q=1.0, gzip;q=0.8, deflate;q=0.5', 'zstd;q=1.0, gzip;q=0.8, br', 'br, *'])(
  'responses are never compressed, whatever the client offers: %s',
  async (encoding) => {
    const { admin } = server();
    const layer = blobOf('compressible '.repeat(1_000));
    const image = imageOf(layer, [descriptorOf(layer)]);
    await pushBlobs(admin, name, layer);
    await admin.pushManifest(name, 'v1', image);
    const headers = { 'accept-encoding': encoding };
    const responses = [
      await admin.getBlob(name, layer.digest, { headers }),
      await admin.getManifest(name, 'v1', { headers }),
      await admin.request('GET', `/v2/${name}/tags/list`, { headers }),
    ];
    for (const response of responses) {
      expect(response.header('content-encoding')).toBeUndefined();
      expect(response.header('content-length')).toBe(String(response.body.length));
    }
    expect(responses.slice(0, 2).map(({ body }) => body.length)).toEqual([layer.size, image.size]);
  },
);

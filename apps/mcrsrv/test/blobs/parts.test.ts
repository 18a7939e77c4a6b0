import { Code } from '@connectrpc/connect';
import { blobOf } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { expectRejection } from '../_util/rpc.ts';
import { families } from '../_util/transports.ts';

const api = useAdminApi();
const mebibyte = 1024 * 1024;
const bytes = Buffer.alloc(2 * mebibyte + 7, 'a document of some length ');
const blob = blobOf(bytes);

describe.each(families)('a blob over %s', (transport) => {
  test('comes in parts of a mebibyte, to its end', async () => {
    await api().server.admin.pushBlob('team/parts', blob);
    const { registry } = api().over(transport, 'person');
    const parts: Uint8Array[] = [];
    for (let start = 0; ; ) {
      const { content, size } = await registry.readBlob({
        repository: 'team/parts',
        digest: blob.digest,
        start: BigInt(start),
      });
      expect(Number(size)).toBe(blob.size);
      expect(content.byteLength).toBeLessThanOrEqual(mebibyte);
      if (content.byteLength === 0) break;
      parts.push(content);
      start += content.byteLength;
    }
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  });

  test('is not there in another repository', async () => {
    await api().server.admin.pushBlob('team/parts', blob);
    await api().server.admin.pushBlob('team/other', blobOf('another one'));
    const { registry } = api().over(transport, 'person');
    await expectRejection(
      registry.readBlob({ repository: 'team/other', digest: blob.digest }),
      Code.NotFound,
      'BLOB_UNKNOWN',
    );
  });
});

import { Code } from '@connectrpc/connect';
import { blobOf } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { rejection } from '../_util/rpc.ts';
import { leavingNothing } from '../_util/traces.ts';

const api = useAdminApi({ env: { MCR_STORAGE_TAG_DELETE: 'true' } });
const theirs = blobOf('theirs');
const image = imageOf(theirs);

beforeAll(async () => {
  const { admin } = api().server;
  await pushBlobs(admin, 'mine', blobOf('mine'));
  expect((await admin.pushManifest('mine', 'v1', imageOf(blobOf('mine')))).status).toBe(201);
  await pushBlobs(admin, 'theirs', theirs);
  expect((await admin.pushManifest('theirs', 'only-there', image)).status).toBe(201);
});

describe('CVE-2022-31666, CVE-2024-22278: what belongs to one repository is unknown under the name of another', () => {
  test.each([
    ['GET', '/v2/mine/manifests/only-there'],
    ['GET', `/v2/mine/manifests/${image.digest}`],
    ['GET', `/v2/mine/blobs/${theirs.digest}`],
    ['DELETE', '/v2/mine/manifests/only-there'],
    ['DELETE', `/v2/mine/manifests/${image.digest}`],
    ['DELETE', `/v2/mine/blobs/${theirs.digest}`],
    ['DELETE', '/v1/repositories/mine/tags/only-there'],
  ])('%s %s', async (method, path) => {
    const { server } = api();
    await leavingNothing(server, async () => {
      expect((await server.admin.request(method, path)).status).toBe(404);
    });
  });

  test('for the RPCs, a plan for the one included', async () => {
    const { server } = api();
    const { registry } = api().rpc('admin');
    const { plan } = await registry.planTagDeletion({ repository: 'theirs', tags: ['only-there'] });
    await leavingNothing(server, async () => {
      const calls = [
        registry.getManifest({ repository: 'mine', reference: 'only-there' }),
        registry.inspectManifest({ repository: 'mine', reference: image.digest }),
        registry.deleteTag({ repository: 'mine', tag: 'only-there' }),
        registry.planTagDeletion({ repository: 'mine', tags: ['only-there'] }),
        registry.deleteTags({ repository: 'mine', tags: ['only-there'], planId: plan!.id }),
      ];
      for (const call of calls) expect((await rejection(call)).code).toBe(Code.NotFound);
      const mixed = registry.deleteTags({ repository: 'mine', tags: ['v1'], planId: plan!.id });
      expect([Code.Aborted, Code.AlreadyExists, Code.FailedPrecondition]).toContain((await rejection(mixed)).code);
    });
  });
});

import { describe, expect, test } from 'vitest';
import { requestedScope } from './challenge.ts';

describe('requestedScope', () => {
  test.each([
    ['GET', '/v2/a/manifests/v1', 'repository:a:pull'],
    ['HEAD', '/v2/a/b/blobs/sha256:0', 'repository:a/b:pull'],
    ['PUT', '/v2/a/manifests/v1', 'repository:a:pull,push'],
    ['DELETE', '/v2/a/manifests/v1', 'repository:a:delete'],
    ['POST', '/v2/a/blobs/uploads', 'repository:a:pull,push'],
    ['POST', '/v2/a/blobs/uploads/', 'repository:a:pull,push'],
    ['GET', '/v2/a/blobs/uploads/1', 'repository:a:pull,push'],
    ['DELETE', '/v2/a/blobs/uploads/1', 'repository:a:pull,push'],
    ['GET', '/v2/a/tags/list', 'repository:a:pull'],
    ['GET', '/v2/a/referrers/sha256:0', 'repository:a:pull'],
    ['GET', '/v2/_catalog', 'registry:catalog:*'],
  ])('%s %s needs %s', (method, path, scope) => {
    expect(requestedScope(method, path)).toBe(scope);
  });

  test.each([
    ['GET', '/v2/a/blobs/manifests/v1', 'repository:a/blobs:pull'],
    ['GET', '/v2/a/blobs/blobs/sha256:0', 'repository:a/blobs:pull'],
    ['DELETE', '/v2/a/blobs/uploads/b/manifests/v1', 'repository:a/blobs/uploads/b:delete'],
    ['GET', '/v2/tags/list/tags/list', 'repository:tags/list:pull'],
  ])('%s %s: the last keyword ends the name', (method, path, scope) => {
    expect(requestedScope(method, path)).toBe(scope);
  });

  test.each(['/v2/', '/v2/token', '/v2/A/manifests/v1', '/v2/a"b/manifests/v1', '/v2/manifests/v1', '/v1/health'])(
    '%s concerns no repository',
    (path) => {
      expect(requestedScope('GET', path)).toBeUndefined();
    },
  );
});

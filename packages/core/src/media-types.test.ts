import { describe, expect, test } from 'vitest';
import { imageManifestTypes, indexTypes, mediaTypes, nondistributableLayerTypes } from './media-types.ts';

describe('media types', () => {
  test('image manifests are the OCI and the Docker one', () => {
    expect([...imageManifestTypes]).toEqual([
      'application/vnd.oci.image.manifest.v1+json',
      'application/vnd.docker.distribution.manifest.v2+json',
    ]);
  });

  test('indexes are the OCI one and the Docker manifest list', () => {
    expect([...indexTypes]).toEqual([
      'application/vnd.oci.image.index.v1+json',
      'application/vnd.docker.distribution.manifest.list.v2+json',
    ]);
  });

  test('the empty descriptor has its own type', () => {
    expect(mediaTypes.ociEmpty).toBe('application/vnd.oci.empty.v1+json');
  });

  test.each([
    'application/vnd.oci.image.layer.nondistributable.v1.tar',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd',
    'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
  ])('%s is not distributable', (type) => {
    expect(nondistributableLayerTypes.has(type)).toBe(true);
  });

  test('ordinary layers are distributable', () => {
    expect(nondistributableLayerTypes.has('application/vnd.oci.image.layer.v1.tar+gzip')).toBe(false);
  });
});

import { expect, test } from 'vitest';
import { createSbom } from './sbom.ts';

const options = {
  version: '1.2.3',
  commit: 'd563548',
  date: 1_700_000_000,
  packages: new Set(['zod', '@connectrpc/connect', 'vitest']),
};

test('a bill of materials has the packages that are in the release, and no others', async () => {
  const { components, dependencies } = JSON.parse(await createSbom(options));
  const purls = components.map(({ purl }: { purl: string }) => purl.replace(/@[\d.]+$/, ''));
  expect(purls).toEqual(['pkg:npm/%40connectrpc/connect', 'pkg:npm/zod']);
  expect(dependencies[0]).toMatchObject({ ref: 'pkg:generic/mcr@1.2.3', dependsOn: { length: 2 } });
});

test('a bill of materials names the commit, and a version with a plus sign as package URLs write it', async () => {
  const { metadata } = JSON.parse(await createSbom({ ...options, version: '1.2.3-dev.4+gd563548' }));
  expect(metadata.component).toMatchObject({
    version: '1.2.3-dev.4+gd563548',
    purl: 'pkg:generic/mcr@1.2.3-dev.4%2Bgd563548',
    pedigree: { commits: [{ uid: 'd563548' }] },
  });
});

test('a bill of materials has the Node that is in the release', async () => {
  const { components } = JSON.parse(await createSbom({ ...options, node: '26.0.0' }));
  expect(components).toContainEqual(expect.objectContaining({ name: 'node', purl: 'pkg:generic/node@26.0.0' }));
});

test('a bill of materials is the same each time, and its serial number changes with its content', async () => {
  const first = await createSbom(options);
  expect(await createSbom(options)).toBe(first);
  const other = await createSbom({ ...options, version: '1.2.4' });
  expect(JSON.parse(other).serialNumber).not.toBe(JSON.parse(first).serialNumber);
});

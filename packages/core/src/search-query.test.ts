import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSearchQuery } from './search-query.ts';

const hex = 'c5b1261d6d3e43071626931fc004f70149baeba2c8ec672bd4f27761f8e1ad6b';

describe('parseSearchQuery', () => {
  test.each([
    ['app', { name: 'app' }],
    ['  Team/App ', { name: 'team/app' }],
    ['team/app:1.2', { name: 'team/app', tag: '1.2' }],
    ['docker pull registry.example.com/team/app:1.2', { name: 'team/app', tag: '1.2' }],
    ['podman pull --quiet localhost:8443/team/app:v1', { name: 'team/app', tag: 'v1' }],
    ['FROM registry.example.com/team/app:1.2 AS build', { name: 'team/app', tag: '1.2' }],
    ['image: "registry.example.com/team/app:1.2"', { name: 'team/app', tag: '1.2' }],
    ['skopeo copy docker://host.example/a/b:1 oci:out', { name: 'a/b', tag: '1' }],
    ['helm pull oci://host.example/charts/web', { name: 'charts/web' }],
    [`docker pull host.example:5000/a/b@sha256:${hex}`, { name: 'a/b', digest: `sha256:${hex}` }],
    [`a/b:1@sha256:${hex}`, { name: 'a/b', digest: `sha256:${hex}` }],
    [`sha256:${hex.slice(0, 12)}`, { name: '', digest: `sha256:${hex.slice(0, 12)}` }],
    [hex.slice(0, 6), { name: hex.slice(0, 6), digest: `sha256:${hex.slice(0, 6)}` }],
    [hex.slice(0, 5), { name: hex.slice(0, 5) }],
    ['localhost/app', { name: 'app' }],
    ['', { name: '' }],
    ['   ', { name: '' }],
  ])('reads %j', (text, expected) => {
    expect(parseSearchQuery(text)).toEqual(expected);
  });

  test('reads any text, in time that grows with its length alone', () => {
    fc.assert(fc.property(fc.string({ maxLength: 3_000 }), (text) => void parseSearchQuery(text)));
    for (const text of [`${'/'.repeat(1_000)}x`, ':'.repeat(1_000), 'a:'.repeat(500), '"'.repeat(1_000)])
      parseSearchQuery(text);
  });
});

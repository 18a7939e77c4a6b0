import { digestOf, mediaTypes } from '@mcr/core';
import { blobOf, descriptorOf, type OciResponse } from '@mcr/testkit';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { failuresOf } from '../_util/log.ts';
import { imageOf, indexOf, manifestOf, pushBlobs } from '../_util/manifests.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const config = blobOf('{}', 'application/vnd.oci.image.config.v1+json');
const layer = blobOf('layer', 'application/vnd.oci.image.layer.v1.tar');
const good = imageOf(config, [descriptorOf(layer)]);
const text = good.bytes.toString();
const { ociManifest, ociIndex, dockerManifest, dockerManifestList } = mediaTypes;

beforeAll(async () => {
  await pushBlobs(server().admin, 'app', config, layer);
  expect((await server().admin.pushManifest('control', 'v1', good)).status).toBe(400);
  expect((await server().admin.pushManifest('app', 'control', good)).status).toBe(201);
});

afterAll(() => {
  expect(failuresOf(server())).toEqual([]);
});

/** By tag and by the digest that the bytes have: both are rejected and leave nothing. */
async function expectRejected(bytes: Uint8Array | string, contentType: string | undefined): Promise<OciResponse> {
  const body = Buffer.from(bytes);
  return await leavingNothing(server(), async () => {
    let response: OciResponse | undefined;
    for (const reference of ['v1', digestOf(body), digestOf(body, 'sha512')]) {
      response = await server().admin.request('PUT', `/v2/app/manifests/${reference}`, {
        body,
        headers: contentType === undefined ? {} : { 'content-type': contentType },
      });
      expectError(response, 400, 'MANIFEST_INVALID');
    }
    return response!;
  });
}

describe('CVE-2021-41190: bytes that parsers read differently are 400 MANIFEST_INVALID', () => {
  test.each([
    ['duplicate keys', `{"layers":[],${text.slice(1)}`],
    ['duplicate keys, one of them escaped', `{"l\\u0061yers":[],${text.slice(1)}`],
    ['duplicate keys in a descriptor', text.replace('{"mediaType"', '{"digest":"x","mediaType"')],
    ['duplicate annotations', `{"annotations":{"a":"1","a":"2"},${text.slice(1)}`],
    ['__proto__', `{"__proto__":{"layers":[]},${text.slice(1)}`],
    ['__proto__, escaped', `{"__pr\\u006fto__":{},${text.slice(1)}`],
    ['__proto__ in a descriptor', text.replace('{"mediaType"', '{"__proto__":null,"mediaType"')],
    ['objects 10,000 deep', `{"deep":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)},${text.slice(1)}`],
    ['lists 10,000 deep', `{"deep":${'['.repeat(10_000)}${']'.repeat(10_000)},${text.slice(1)}`],
    ['10,000 open lists', '['.repeat(10_000)],
    ['a trailing byte', `${text}x`],
    ['a trailing NUL', `${text}\0`],
    ['two documents', `${text}${text}`],
    ['a byte order mark', `\uFEFF${text}`],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['invalid UTF-8', Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from(',"a":"\xff"}', 'latin1')])],
    ['a comment', `/* */${text}`],
    ['a trailing comma', `${text.slice(0, -1)},}`],
    ['a raw line break in a string', `{"a":"\n",${text.slice(1)}`],
    ['NaN', `{"a":NaN,${text.slice(1)}`],
    ['half of a document', text.slice(0, text.length / 2)],
    ['nothing', ''],
    ['white space', ' \n\t'],
    ['HTML', '<html></html>'],
  ])('%s', async (_, bytes) => {
    await expectRejected(bytes, ociManifest);
  });

  test.each(['null', '[]', `[${text}]`, '"text"', '2', 'true'])(
    'the document %s, which is no object',
    async (bytes) => {
      await expectRejected(bytes, ociManifest);
    },
  );
});

describe('CVE-2021-41190: a manifest with two meanings is 400 MANIFEST_INVALID', () => {
  const both = { schemaVersion: 2, config: descriptorOf(config), layers: [], manifests: [] };
  test.each([ociManifest, ociIndex, dockerManifest, dockerManifestList, undefined])(
    'both layers and manifests, as %s',
    async (type) => {
      await expectRejected(manifestOf(both).bytes, type);
      if (type !== undefined) await expectRejected(manifestOf({ ...both, mediaType: type }).bytes, type);
    },
  );

  test.each([
    ['an image as an index', good.bytes, ociIndex],
    ['an index as an image', indexOf([]).bytes, ociManifest],
    ['an OCI image as a Docker one', good.bytes, dockerManifest],
    [
      'an index that has a config',
      manifestOf({ schemaVersion: 2, manifests: [], config: descriptorOf(config) }).bytes,
      ociIndex,
    ],
    ['an unknown type', good.bytes, 'application/json'],
    [
      'an unknown type in the body alone',
      manifestOf({ schemaVersion: 2, mediaType: 'a/b', layers: [] }).bytes,
      undefined,
    ],
    ['a type that is no type', good.bytes, 'nonsense'],
    ['a very long type', good.bytes, `application/${'x'.repeat(5_000)}`],
    ['no hint of a type at all', manifestOf({ schemaVersion: 2 }).bytes, undefined],
    ['a media type that is a number', manifestOf({ schemaVersion: 2, mediaType: 2, layers: [] }).bytes, ociManifest],
    ['schemaVersion 1', manifestOf({ schemaVersion: 1, layers: [] }).bytes, ociManifest],
    ['schemaVersion "2"', manifestOf({ schemaVersion: '2', layers: [] }).bytes, ociManifest],
    ['no schemaVersion', manifestOf({ config: descriptorOf(config), layers: [] }).bytes, ociManifest],
  ])('%s', async (_, bytes, type) => {
    await expectRejected(bytes, type);
  });
});

describe('a malformed field is 400 MANIFEST_INVALID with its path', () => {
  const descriptor = descriptorOf(layer);
  test.each<[string, object, string]>([
    ['no config', { config: undefined }, 'config'],
    ['a config that is a list', { config: [] }, 'config'],
    ['layers that are an object', { layers: {} }, 'layers'],
    ['a layer that is null', { layers: [null] }, 'layers[0]'],
    ['a layer without digest', { layers: [{ ...descriptor, digest: undefined }] }, 'layers[0].digest'],
    [
      'a digest in upper case',
      { layers: [{ ...descriptor, digest: descriptor.digest.toUpperCase() }] },
      'layers[0].digest',
    ],
    ['a digest that is a path', { layers: [{ ...descriptor, digest: 'sha256:../../x' }] }, 'layers[0].digest'],
    ['a digest that is an object', { layers: [{ ...descriptor, digest: {} }] }, 'layers[0].digest'],
    ['a negative size', { layers: [descriptor, { ...descriptor, size: -1 }] }, 'layers[1].size'],
    ['a fractional size', { layers: [{ ...descriptor, size: 1.5 }] }, 'layers[0].size'],
    ['a size of 2^63', { layers: [{ ...descriptor, size: 2 ** 63 }] }, 'layers[0].size'],
    ['a size in quotes', { layers: [{ ...descriptor, size: '5' }] }, 'layers[0].size'],
    ['no size', { layers: [{ ...descriptor, size: undefined }] }, 'layers[0].size'],
    ['a media type that is null', { layers: [{ ...descriptor, mediaType: null }] }, 'layers[0].mediaType'],
    ['urls that are text', { layers: [{ ...descriptor, urls: 'https://x' }] }, 'layers[0].urls'],
    ['annotations that are a list', { annotations: ['a'] }, 'annotations'],
    ['an annotation that is a number', { annotations: { a: 1 } }, 'annotations'],
    ['an artifactType that is a list', { artifactType: [] }, 'artifactType'],
    ['a subject that is text', { subject: 'sha256:x' }, 'subject'],
    ['a subject with a bad digest', { subject: { ...descriptor, digest: 'x' } }, 'subject.digest'],
  ])('%s', async (_, fields, path) => {
    const response = await expectRejected(imageOf(config, [descriptor], fields).bytes, ociManifest);
    expect(response.json().errors[0].detail).toEqual({ field: path });
  });

  test('a size of 1e400', async () => {
    await expectRejected(text.replace(`"size":${layer.size}`, '"size":1e400'), ociManifest);
  });
});

test('CVE-2023-33199: whatever bytes come, the response is 400 MANIFEST_INVALID or, for a manifest, a missing blob', async () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    'null',
    '2',
    '"schemaVersion"',
    '"layers"',
    '"config"',
    '\u0000',
    'é',
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join(''))),
    fc.json().map((json) => Buffer.from(json)),
  );
  const type = fc.constantFrom(...Object.values(mediaTypes), undefined);
  await leavingNothing(server(), async () => {
    await fc.assert(
      fc.asyncProperty(bytes, type, async (body, contentType) => {
        const response = await server().admin.request('PUT', '/v2/app/manifests/fuzz', {
          body,
          headers: contentType === undefined ? {} : { 'content-type': contentType },
        });
        expectError(response, 400, 'MANIFEST_INVALID');
      }),
      { numRuns: 100 },
    );
  });
});

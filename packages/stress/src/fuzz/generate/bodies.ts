import { gzipSync } from 'node:zlib';
import { digestOf } from '@mcr/core';
import type { Random } from '../../random.ts';
import type { Names } from '../names.ts';
import { hostileJson } from './json.ts';
import type { Request } from './request.ts';
import { randomBytes } from './values.ts';

const index = 'application/vnd.oci.image.index.v1+json';
const image = 'application/vnd.oci.image.manifest.v1+json';
const list = 'application/vnd.docker.distribution.manifest.list.v2+json';
const types: readonly string[] = [index, image, list, 'application/json', 'text/plain', 'application/octet-stream'];

/** The request with a body that its route should reject, or have a hard time with. */
export function withOddBody(random: Random, names: Names, request: Request): Request {
  const kind = random.weighted({ json: 5, manifest: 4, form: 2, gzip: 1, bytes: 1, type: 1 });
  if (kind === 'json') return { ...request, body: hostileJson(random, request.body.toString('utf8')) };
  if (kind === 'manifest') return oddManifest(random, names, request);
  if (kind === 'form') return oddForm(random, request);
  if (kind === 'bytes') return { ...request, body: randomBytes(random, random.below(300_000)) };
  if (kind === 'type') return typed(request, random.pick(types));
  const body = gzipSync(Buffer.alloc(random.pick([10, 100_000, 20_000_000])));
  return { ...request, headers: [...request.headers, ['Content-Encoding', 'gzip']], body };
}

function typed(request: Request, type: string): Request {
  const others = request.headers.filter(([name]) => name.toLowerCase() !== 'content-type');
  return { ...request, headers: [...others, ['Content-Type', type]] };
}

const descriptor = (mediaType: string, seed: string): object => ({ mediaType, digest: digestOf(seed), size: 1 });

/** Manifests that are small on the wire and expensive to process. */
const manifests: readonly ((random: Random, names: Names) => [type: string, content: unknown])[] = [
  () => [image, imageOf(Array.from({ length: 20_000 }, (_, at) => descriptor('x/y', String(at))))],
  (_, { blobs }) => [image, imageOf(Array.from({ length: 20_000 }, () => ({ ...layer, digest: blobs[0] })))],
  () => [index, { schemaVersion: 2, mediaType: index, manifests: Array(20_000).fill(descriptor(image, 'a')) }],
  () => [index, { schemaVersion: 2, mediaType: index, manifests: children(10_000) }],
  (_, { manifests: [digest] }) => [index, { schemaVersion: 2, manifests: [{ mediaType: index, digest, size: 1e308 }] }],
  () => [image, { ...imageOf([]), annotations: Object.fromEntries(keys(20_000)) }],
  () => [image, { ...imageOf([]), annotations: { a: 'x'.repeat(3_900_000) } }],
  () => [image, { ...imageOf([]), annotations: { a: 'x'.repeat(5_000_000) } }],
  (_, { manifests: [digest] }) => [image, { ...imageOf([]), subject: { mediaType: image, digest, size: -1 } }],
  () => [image, { ...imageOf([]), manifests: [] }],
  () => [image, { schemaVersion: 1, fsLayers: [], history: [] }],
  () => [image, { ...imageOf([]), mediaType: index }],
  () => [image, imageOf([{ ...layer, urls: ['http://169.254.169.254/'], digest: 'sha256:../../x' }])],
  (random) => [image, { ...imageOf([layer]), [random.pick(['toString', 'constructor', 'config'])]: 1 }],
];

const layer = descriptor('application/vnd.oci.image.layer.v1.tar', 'layer');
const imageOf = (layers: readonly object[]): object => ({
  schemaVersion: 2,
  mediaType: image,
  config: descriptor('application/vnd.oci.image.config.v1+json', 'config'),
  layers,
});
const children = (count: number): object[] =>
  Array.from({ length: count }, (_, at) => descriptor(image, `child ${at}`));
const keys = (count: number): [string, string][] => Array.from({ length: count }, (_, at) => [`k${at}`, 'v']);

function oddManifest(random: Random, names: Names, request: Request): Request {
  const [type, content] = random.pick(manifests)(random, names);
  const body = Buffer.from(JSON.stringify(content));
  const path = `/v2/${names.repositories[0]}/manifests/${random.pick([...names.tags, digestOf(body)])}`;
  return { ...typed({ ...request, path, query: [], body }, type), method: 'PUT' };
}

function oddForm(random: Random, request: Request): Request {
  const forms: readonly string[] = [
    'a=&'.repeat(20_000),
    'grant_type=password&'.repeat(3_000),
    `grant_type=password&username=${'%'.repeat(1_000)}&password=`,
    `grant_type=password&username=${'a'.repeat(60_000)}&password=a`,
    `grant_type=password&username=a&password=${'%F0%9F%98%80'.repeat(4_000)}`,
    'grant_type=refresh_token&refresh_token=%00',
    'x'.repeat(70_000),
  ];
  const form = typed({ ...request, path: '/v2/token', query: [] }, 'application/x-www-form-urlencoded');
  return { ...form, method: 'POST', body: Buffer.from(random.pick(forms)) };
}

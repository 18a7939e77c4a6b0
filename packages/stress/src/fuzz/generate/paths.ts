import type { Random } from '../../random.ts';
import { latin } from './values.ts';

const pieces: readonly string[] = [
  '/',
  '//',
  '/./',
  '/../',
  '/..',
  '/%2e/',
  '/%2e%2e/',
  '/.%2E/',
  '%2f',
  '%2F..%2F',
  '%252f',
  '%252e%252e/',
  '\\',
  '..\\',
  '%5c',
  '%5C..%5C',
  ';x',
  ';a=b/',
  '/;/../',
  '%00',
  '%0d%0aX-Injected:%201',
  '%09',
  '%20',
  '%7f',
  '%ff',
  '%c0%ae%c0%ae/',
  '%c0%af',
  '%e2%80%ae',
  '%ef%bc%8f',
  '%u002e',
  '%',
  '%2',
  '%zz',
  '#',
  '#/../',
  '?',
  '&',
  ':',
  '@',
  '*',
  '~',
  '\t',
  '\u00e9',
  '\u0000',
  '\u00a0',
  '/blobs/uploads/',
  '/manifests/',
  '/tags/list',
  '/v1/',
  '/v2/',
  'a'.repeat(7_000),
  '/a'.repeat(3_000),
  '/manifests'.repeat(60),
  '%61'.repeat(2_000),
];

const whole: readonly ((path: string) => string)[] = [
  (path) => path.toUpperCase(),
  (path) => path.replace('/v', '/V'),
  (path) => path.slice(1),
  (path) => `/${path}`,
  (path) => `${path}/`,
  (path) => `http://evil.example${path}`,
  (path) => `https://localhost${path}`,
  (path) => `//evil.example${path}`,
  (path) => `/..${path}`,
  (path) => encodeURIComponent(path),
  (path) => `/${encodeURIComponent(path.slice(1))}`,
  (path) => path.replaceAll('/', '//'),
  (path) => path.replaceAll('/', '/./'),
  (path) => path.replaceAll('e', '%65'),
  (path) => path.split('/').toReversed().join('/'),
  () => '*',
  () => '',
  () => '/',
  () => 'localhost:443',
];

/** Another spelling of a path, or one that has several readings. */
export function mutatedPath(random: Random, path: string): string {
  let text = path;
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    if (random.chance(0.3)) text = random.pick(whole)(text);
    else text = spliced(random, text, random.chance(0.9) ? random.pick(pieces) : latin(random, 1 + random.below(6)));
  }
  return text;
}

function spliced(random: Random, text: string, piece: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + piece + text.slice(random.chance(0.7) ? at : at + 1);
}

import { expect, test } from 'vitest';
import { readManifest } from '../manifest/read-manifest.ts';
import { layerChanges } from './layer-changes.ts';

const bytes = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value)));

/** An image of layers such as `digest:command`. */
function image(...layers: readonly string[]) {
  const parts = layers.map((layer) => layer.split(':'));
  return readManifest({
    content: bytes({ layers: parts.map(([digest]) => ({ digest, mediaType: 'tar', size: 1 })) }),
    config: bytes({ history: parts.map(([, command]) => ({ created_by: command })) }),
  });
}

const marks = { same: ' ', changed: '~', added: '+', removed: '-' } as const;
const changesOf = (from: readonly string[], to: readonly string[]) =>
  layerChanges(image(...from), image(...to)).map(({ kind, command }) => `${marks[kind]}${command}`);

test.each([
  ['nothing', ['a:ADD', 'b:RUN'], ['a:ADD', 'b:RUN'], [' ADD', ' RUN']],
  ['one step created another layer', ['a:ADD', 'b:RUN'], ['a:ADD', 'c:RUN'], [' ADD', '~RUN']],
  ['a layer was added at the end', ['a:ADD'], ['a:ADD', 'b:RUN'], [' ADD', '+RUN']],
  ['a layer was removed between others', ['a:A', 'b:B', 'c:C'], ['a:A', 'c:C'], [' A', '-B', ' C']],
  ['the base changed, and nothing else is the same', ['a:A', 'b:B'], ['x:X', 'y:Y', 'z:B'], ['+X', '+Y', '-A', '~B']],
  ['layers changed places', ['a:A', 'b:B', 'c:C'], ['b:B', 'a:A', 'c:C'], ['-A', ' B', '+A', ' C']],
  ['one is empty', [], ['a:A'], ['+A']],
])('where %s, it says so', (_name, from, to, expected) => {
  expect(changesOf(from, to)).toEqual(expected);
});

test('of thousands of layers the first 300 are compared', () => {
  const many = (name: string) => Array.from({ length: 5_000 }, (_, at) => `${name}${at}:${at}`);
  expect(changesOf(many('a'), many('b'))).toHaveLength(300);
});

import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

test.each([
  [[], 'full', 3],
  [['--quick'], 'quick', 1],
  [['--scale', 'quick'], 'quick', 1],
  [['--quick', '--rounds', '5'], 'quick', 5],
] as const)('%j measures at the scale %s in %i rounds', (args, name, rounds) => {
  const options = readOptions(args);
  expect([options.scale.name, options.rounds]).toEqual([name, rounds]);
});

test.each([
  [['--scale', 'huge']],
  [['--rounds', '0']],
  [['--rounds', 'many']],
  [['--colour']],
  [['quick']],
  [['--beside', '/path']],
])('rejects %j', (args) => {
  expect(() => readOptions(args)).toThrow();
});

test('passes on the files to write and what to look for', () => {
  const options = readOptions([
    '--only',
    'blob',
    '--only',
    'Images:',
    '--json',
    'a',
    '--html',
    'b',
    '--markdown',
    'c',
    '--from',
    'd',
    '--force',
  ]);
  expect(options).toMatchObject({
    force: true,
    only: ['blob', 'Images:'],
    json: 'a',
    html: 'b',
    markdown: 'c',
    from: 'd',
  });
});

test('reads other builds of MCR, each with a name that no contender has', () => {
  const bundle = import.meta.filename;
  const beside = (...names: readonly string[]) => names.flatMap((name) => ['--beside', `${name}=${bundle}`]);
  expect(readOptions(beside('before', 'main')).beside).toEqual([
    { name: 'before', bundle },
    { name: 'main', bundle },
  ]);
  expect(() => readOptions(beside('before', 'before'))).toThrow('there is a contender "before" already');
  expect(() => readOptions(beside('docker-registry'))).toThrow('there is a contender "docker-registry" already');
});

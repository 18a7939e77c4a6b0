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

test.each([[['--scale', 'huge']], [['--rounds', '0']], [['--rounds', 'many']], [['--colour']], [['quick']]])(
  'refuses %j',
  (args) => {
    expect(() => readOptions(args)).toThrow();
  },
);

test('passes on the files to write and what to look for', () => {
  const options = readOptions([
    '--only',
    'blob',
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
  expect(options).toMatchObject({ force: true, only: 'blob', json: 'a', html: 'b', markdown: 'c', from: 'd' });
});

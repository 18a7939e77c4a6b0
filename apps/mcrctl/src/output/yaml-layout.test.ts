import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { yamlLayout } from './yaml-layout.ts';

const fields = [{ name: 'name', describe: 'Name' }] as const;
const layout = yamlLayout(fields);
const hostile = [
  'on',
  'no',
  '1.10',
  '0x1f',
  '~',
  '',
  '- a',
  '# b',
  'a: b',
  'a\nb: c',
  '\u001B]0;t\u0007',
  'x\u202Ey',
  '\t',
];

test.each(hostile)('%j is the same string when it is read again', (name) => {
  expect(parse(layout.item(fields, { name }, []).join('\n'))).toEqual({ name });
  expect(parse(layout.item(fields, { name }, []).join('\n'), { version: '1.1' })).toEqual({ name });
});

test('characters that control a terminal are escaped, in keys as well', () => {
  const text = layout.item(fields, { name: { 'k\u001B\u202E': hostile } }, []).join('\n');
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  expect(parse(text)).toEqual({ name: { 'k\u001B\u202E': hostile } });
});

test('the pages of a list are one sequence, and no page is an empty one', () => {
  const pages: readonly (readonly { readonly name?: unknown }[])[] = [[{ name: 'a' }, {}], [{ name: ['b', { c: 1 }] }]];
  const text = pages.flatMap((page) => layout.list(fields, page, false)).join('\n');
  expect(parse(text)).toEqual([{ name: 'a' }, { name: null }, { name: ['b', { c: 1 }] }]);
  expect(parse(layout.none ?? '')).toEqual([]);
});

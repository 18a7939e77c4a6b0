import { expect, test } from 'vitest';
import type { Field, FieldDescription } from '../output/field.ts';
import { humanLayout } from '../output/human-layout.ts';
import { commandSet } from './index.ts';

const long = 'very-long-and-'.repeat(10);
const samples = {
  text: long,
  number: 123_456_789,
  size: 123_456_789_012,
  time: '2026-01-01T00:00:00Z',
  instant: '2026-01-01T00:00:00.000Z',
  digest: `sha256:${'a'.repeat(64)}`,
  list: [long, long],
  flag: false,
  object: { name: long, reason: long },
};

const sampleOf = (fields: readonly FieldDescription[]): object =>
  Object.fromEntries(fields.map(({ name, kind = 'text' }) => [name, samples[kind]]));

const lists = commandSet.commands.filter(({ fields = [] }) => fields.some(({ column }) => column !== undefined));

test.each(lists.map((command) => [command.name, command.fields ?? []] as const))(
  '%s fits a terminal of 80 columns, however long its values are',
  (_name, descriptions) => {
    const layout = humanLayout({ columns: 80, paint: (_style, text) => text, now: Date.parse('2026-11-23T22:00:00Z') });
    const fields = descriptions as readonly Field<object>[];
    const lines = layout.list(fields, [sampleOf(descriptions)], true);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  },
);

import { create, type DescField, type DescMessage, type MessageShape, ScalarType } from '@bufbuild/protobuf';
import type { AdminApi, FieldRules } from '@mcr/rpc';
import fc from 'fast-check';

type Rules = AdminApi['rules'];

/** Messages of a type whose fields are near the bounds of their rules: kept as often as broken, absent, empty. */
export function messagesOf<Desc extends DescMessage>(schema: Desc, rules: Rules): fc.Arbitrary<MessageShape<Desc>> {
  const fields = schema.fields.map((field) => [
    field.localName,
    fc.option(fieldValue(field, rules[schema.typeName]?.[field.name] ?? {}, rules), { nil: undefined, freq: 5 }),
  ]);
  return fc.record(Object.fromEntries(fields)).map((init) => create<Desc>(schema, init as never));
}

function fieldValue(field: DescField, own: FieldRules, rules: Rules): fc.Arbitrary<unknown> {
  if (field.fieldKind === 'map') return fc.dictionary(fc.constantFrom('1', '-7', '0'), mapValue(field, rules));
  const list = field.message !== undefined && field.message.typeName === 'mcr.v1.StringList';
  if (field.fieldKind !== 'list' && !list) return single(field, own, rules);
  const item = single(list ? field.message.fields[0]! : field, own.list?.items ?? {}, rules);
  const { minItems = 0, maxItems = 3 } = own.list ?? {};
  const lengths = [0, 1, minItems, minItems - 1, maxItems, maxItems + 1].filter((length) => length >= 0);
  const many = fc.tuple(item, fc.constantFrom(...lengths)).map(([value, length]) => Array<unknown>(length).fill(value));
  const items = fc.oneof(fc.array(item, { maxLength: 4 }), many);
  return list ? items.map((values) => ({ values })) : items;
}

function mapValue(field: DescField, rules: Rules): fc.Arbitrary<unknown> {
  return field.message === undefined ? fc.string() : messagesOf(field.message, rules);
}

function single(field: DescField, own: FieldRules, rules: Rules): fc.Arbitrary<unknown> {
  if (field.message !== undefined) return messagesOf(field.message, rules);
  if (field.scalar === ScalarType.BOOL) return fc.boolean();
  if (field.scalar === ScalarType.INT32) return int32(own);
  return field.scalar === ScalarType.INT64 ? int32(own).map(BigInt) : texts(own);
}

function int32({ number: { gt = 0, gte = 0, lte = 0 } = {} }: FieldRules): fc.Arbitrary<number> {
  const near = [gt, gte, lte].flatMap((bound) => [bound - 1, bound, bound + 1]);
  return fc.oneof(fc.constantFrom(...near), fc.integer());
}

const uuid = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
/** Characters of one, two and four bytes, of which one is two units in JavaScript, and whatever an engine may take for a space. */
const characters = [
  'a',
  'Z',
  '7',
  '-',
  '.',
  'é',
  '😀',
  ' ',
  '\t',
  '\v',
  '\n',
  '\r',
  '\u00a0',
  '\u2003',
  '\u2028',
  '\ufeff',
];

function texts({ string: { minLen = 0, maxLen = 3, in: words = [] } = {} }: FieldRules): fc.Arbitrary<string> {
  const character = fc.constantFrom(...characters);
  const lengths = [minLen - 1, minLen, maxLen, maxLen + 1].filter((length) => length >= 0);
  const near = fc.tuple(character, fc.constantFrom(...lengths)).map(([one, length]) => one.repeat(length));
  const known = fc.constantFrom('', 'deploy', 'a role', uuid, uuid.toUpperCase(), `${uuid}\n`, ...words);
  const odd = fc.array(character, { maxLength: 4 }).map((all) => all.join(''));
  return fc.oneof(
    known,
    near,
    odd,
    fc.tuple(known, odd).map((both) => both.join('')),
    fc.string({ unit: 'binary' }),
  );
}

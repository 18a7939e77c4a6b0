import type { DescField, DescMessage, FileRegistry, JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { FieldRules } from '@mcr/rpc';
import { optionOf } from './descriptors.ts';

/** `google.api.FieldBehavior.REQUIRED`. */
const requiredBehavior = 2;

/** Rules of a message's fields, by name; `undefined` where there are none. Throws for a rule that `validate` does not know. */
export function messageRules(
  registry: FileRegistry,
  message: DescMessage,
): Readonly<Record<string, FieldRules>> | undefined {
  const rules = message.fields.map((field) => [field.name, fieldRules(registry, field)] as const);
  const some = rules.filter(([, it]) => Object.keys(it).length > 0);
  return some.length === 0 ? undefined : Object.fromEntries(some);
}

function fieldRules(registry: FileRegistry, field: DescField): FieldRules {
  if (field.oneof !== undefined) throw new Error(`${field.toString()}: the JSON of packages/rpc knows no oneof`);
  const option = (optionOf(registry, field, 'buf.validate.field') ?? {}) as JsonObject;
  const hint = optionOf(registry, field, 'mcr.v1.hint') as string | undefined;
  const nullable = optionOf(registry, field, 'mcr.v1.nullable') === true;
  const behavior = optionOf(registry, field, 'google.api.field_behavior') as readonly number[] | undefined;
  const { ignore, string, int32, int64, repeated, ...unknown } = option;
  if (ignore !== undefined && ignore !== 'IGNORE_IF_ZERO_VALUE') unknown['ignore'] = ignore;
  reject(field, unknown);
  const number = int32 ?? int64;
  const list = repeated ?? optionOf(registry, field, 'mcr.v1.values');
  return {
    ...(behavior?.includes(requiredBehavior) === true && { given: true as const }),
    ...(ignore !== undefined && { ignoreEmpty: true as const }),
    ...(string !== undefined && { string: textRules(field, string) }),
    ...(number !== undefined && { number: numbers(field, number, ['gt', 'gte', 'lte']) }),
    ...(list !== undefined && { list: listRules(field, list) }),
    ...(hint !== undefined && { hint }),
    ...(nullable && { nullable: true as const }),
  };
}

function textRules(field: DescField, rules: JsonValue): NonNullable<FieldRules['string']> {
  const { pattern, in: words, ...rest } = rules as JsonObject;
  if (pattern !== undefined) checkPattern(field, pattern as string);
  return {
    ...numbers(field, rest, ['minLen', 'maxLen']),
    ...(pattern !== undefined && { pattern: pattern as string }),
    ...(words !== undefined && { in: words as string[] }),
  };
}

/** RE2's patterns, which buf.validate has, are those of JavaScript but for what these mean; protovalidate.test.ts compares them. */
function checkPattern(field: DescField, pattern: string): void {
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    throw new Error(`${field.toString()}: ${(error as Error).message}`, { cause: error });
  }
  const [odd] = /\\[sS]|\(\?[=!<]|(?<!\\)\.(?![^[]*\])/.exec(pattern) ?? [];
  if (odd !== undefined)
    throw new Error(`${field.toString()}: "${odd}" means one thing in RE2 and another in JavaScript`);
}

function listRules(field: DescField, rules: JsonValue): NonNullable<FieldRules['list']> {
  const { items, ...rest } = rules as JsonObject;
  const { string, ...unknown } = (items ?? {}) as JsonObject;
  reject(field, unknown);
  return {
    ...numbers(field, rest, ['minItems', 'maxItems']),
    ...(string !== undefined && { items: { string: textRules(field, string) } }),
  };
}

/** Bounds as numbers: protobuf's JSON has those of 64 bits as text. */
function numbers<Name extends string>(
  field: DescField,
  rules: JsonValue,
  known: readonly Name[],
): Partial<Record<Name, number>> {
  const entries = Object.entries(rules as JsonObject);
  reject(field, Object.fromEntries(entries.filter(([name]) => !known.includes(name as Name))));
  return Object.fromEntries(entries.map(([name, value]) => [name, Number(value)])) as Partial<Record<Name, number>>;
}

function reject(field: DescField, unknown: JsonObject): void {
  const [name] = Object.keys(unknown);
  if (name !== undefined)
    throw new Error(`${field.toString()}: packages/rpc/src/validate.ts does not know the rule ${name}`);
}

import { type DescField, type DescMessage, isFieldSet, isMessage, type MessageShape } from '@bufbuild/protobuf';
import type { AdminApi, FieldRules } from './api.ts';
import { adminApi } from './gen/api.ts';
import { StringListSchema } from './gen/mcr/v1/common_pb.ts';
import { type FieldProblem, maxProblems, pathOf } from './problems.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The violations of the proto's rules in a message, in the order of its fields, at most 300; empty if there are none.
 * The semantics are those of `buf.validate` (https://buf.build/docs/protovalidate/): rules apply to every field without
 * presence, set or not, and to one with presence if it is set.
 */
export function validate<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  rules: AdminApi['rules'] = adminApi.rules,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const problem of problemsOf(schema, message, rules, '')) {
    if (problems.length === maxProblems) break;
    problems.push(problem);
  }
  return problems;
}

function* problemsOf(
  schema: DescMessage,
  message: Fields,
  rules: AdminApi['rules'],
  parent: string,
): Generator<FieldProblem> {
  const own = rules[schema.typeName];
  for (const field of schema.fields) {
    const value = message[field.localName];
    const path = pathOf(parent, field.name);
    const of = own?.[field.name];
    if (of !== undefined) yield* fieldProblems(field, message, valuesOf(value), of, path);
    if (field.message !== undefined && value !== undefined) {
      for (const [inner, at] of messagesIn(field, value, path)) yield* problemsOf(field.message, inner, rules, at);
    }
  }
}

/** The messages in a field with their paths: itself, or the items of a list or a map. */
function messagesIn({ fieldKind }: DescField, value: unknown, path: string): [message: Fields, path: string][] {
  if (fieldKind === 'message') return [[value as Fields, path]];
  return Object.entries(value as Readonly<Record<string, Fields>>).map(([key, item]) => [item, pathOf(path, key)]);
}

function* fieldProblems(
  field: DescField,
  message: Fields,
  value: unknown,
  rules: FieldRules,
  path: string,
): Generator<FieldProblem> {
  if (!isFieldSet(message as never, field)) {
    if (rules.ignoreEmpty === true || value === undefined) return;
  }
  const problem =
    (rules.string && textProblem(value as string, rules)) ??
    (rules.number && numberProblem(Number(value), rules.number)) ??
    (rules.list && lengthProblem(value as readonly unknown[], rules.list));
  if (problem !== undefined) yield { field: path, problem };
  const { items, maxItems = Number.POSITIVE_INFINITY } = rules.list ?? {};
  if (items === undefined) return;
  const itemRules = { ...items, ...(rules.hint !== undefined && { hint: rules.hint }) };
  // The items of a list that is far too long are not all checked.
  for (const [at, item] of (value as readonly string[]).slice(0, maxItems + maxProblems).entries()) {
    const wrong = textProblem(item, itemRules);
    if (wrong !== undefined) yield { field: pathOf(path, at), problem: wrong };
  }
}

/** The values of a StringList, to which its rules apply; other values unchanged. */
function valuesOf(value: unknown): unknown {
  return isMessage(value, StringListSchema) ? value.values : value;
}

function textProblem(text: string, { string: rules = {}, hint }: FieldRules): string | undefined {
  const { minLen = 0, maxLen = Number.POSITIVE_INFINITY, pattern, in: words } = rules;
  if (words !== undefined && !words.includes(text)) return `must be one of ${words.join(', ')}`;
  // A string has at most as many characters as UTF-16 units, and at least half as many.
  const isUnclear = (text.length > maxLen && text.length <= 2 * maxLen) || text.length < 2 * minLen;
  const length = isUnclear ? Array.from(text).length : text.length;
  if (length < minLen) return minLen === 1 ? 'must not be empty' : `must have at least ${minLen} characters`;
  if (length > maxLen) return `must have at most ${maxLen} characters`;
  if (pattern !== undefined && !compiled(pattern).test(text)) return hint ?? `must match ${pattern}`;
  return undefined;
}

function numberProblem(value: number, { gt, gte, lte }: NonNullable<FieldRules['number']>): string | undefined {
  if (gt !== undefined && value <= gt) return `must be more than ${gt}`;
  if (gte !== undefined && value < gte) return `must be at least ${gte}`;
  if (lte !== undefined && value > lte) return `must be at most ${lte}`;
  return undefined;
}

function lengthProblem(
  items: readonly unknown[],
  { minItems = 0, maxItems = Number.POSITIVE_INFINITY }: NonNullable<FieldRules['list']>,
): string | undefined {
  if (items.length < minItems) return minItems === 1 ? 'must not be empty' : `must have at least ${minItems} items`;
  if (items.length > maxItems) return `must have at most ${maxItems} items`;
  return undefined;
}

/** Patterns come from the protos, so there are few. */
const patterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, known);
  return known;
}

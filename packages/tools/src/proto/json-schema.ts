import { type DescField, ScalarType } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence as Presence } from '@bufbuild/protobuf/wkt';
import type { AdminApi, FieldRules } from '@mcr/rpc';
import { commentOf } from './descriptors.ts';

/** A JSON Schema of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Rules by message and field. */
export type Rules = AdminApi['rules'];

/** The schema of an object with these fields. A response always has those without presence; a request needs those that are required. */
export function messageSchema(fields: readonly DescField[], rules: Rules, of: 'request' | 'response'): JsonSchema {
  const required = fields.filter((field) =>
    of === 'response' ? isAlwaysThere(field) : rules[field.parent.typeName]?.[field.name]?.given === true,
  );
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, schemaOf(field, rules, of)])),
    ...(required.length > 0 && { required: required.map(({ name }) => name) }),
    additionalProperties: false,
  };
}

/** The schema of a field, with its comment. */
export function schemaOf(field: DescField, rules: Rules, of: 'request' | 'response' = 'response'): JsonSchema {
  const own = rules[field.parent.typeName]?.[field.name] ?? {};
  const { parent } = field;
  const comment = commentOf(parent.file, [4, parent.file.messages.indexOf(parent), 2, parent.fields.indexOf(field)]);
  return { ...typeOf(field, own, rules, of), ...(comment !== '' && { description: comment }) };
}

function typeOf(field: DescField, own: FieldRules, rules: Rules, of: 'request' | 'response'): JsonSchema {
  const { minItems, maxItems, items } = own.list ?? {};
  if (field.fieldKind === 'map') return { type: 'object', additionalProperties: { type: 'string' } };
  if (field.fieldKind === 'list' || field.message?.typeName === 'mcr.v1.StringList') {
    const bounds = { ...(minItems !== undefined && { minItems }), ...(maxItems !== undefined && { maxItems }) };
    const item = field.fieldKind === 'list' ? field : field.message!.fields[0]!;
    return { type: 'array', items: valueType(item, items ?? {}, rules, of), ...bounds };
  }
  return valueType(field, own, rules, of);
}

function valueType(
  { scalar, message }: DescField,
  own: FieldRules,
  rules: Rules,
  of: 'request' | 'response',
): JsonSchema {
  if (message?.typeName === 'google.protobuf.Timestamp') return { type: 'string', format: 'date-time' };
  if (message !== undefined) return messageSchema(message.fields, rules, of);
  if (scalar === ScalarType.BOOL) return { type: 'boolean' };
  if (scalar === ScalarType.BYTES) return { type: 'string', contentEncoding: 'base64' };
  if (scalar === ScalarType.INT32 || scalar === ScalarType.INT64) {
    const { gt, gte, lte } = own.number ?? {};
    return {
      type: 'integer',
      ...(gt !== undefined && { exclusiveMinimum: gt }),
      ...(gte !== undefined && { minimum: gte }),
      ...(lte !== undefined && { maximum: lte }),
    };
  }
  const { minLen, maxLen, pattern, in: words } = own.string ?? {};
  return {
    type: own.nullable === true ? ['string', 'null'] : 'string',
    ...(minLen !== undefined && { minLength: minLen }),
    ...(maxLen !== undefined && { maxLength: maxLen }),
    ...(pattern !== undefined && { pattern }),
    ...(words !== undefined && { enum: words }),
  };
}

function isAlwaysThere(field: DescField): boolean {
  return field.fieldKind === 'list' || field.fieldKind === 'map' || field.presence === Presence.IMPLICIT;
}

import {
  createFileRegistry,
  type DescMessage,
  type FileRegistry,
  fromBinary,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { createValidator, type Validator, type Violation } from '@bufbuild/protovalidate';
import { type AdminApi, type FieldProblem, maxProblems, validate } from '@mcr/rpc';
import { adminApi } from '@mcr/rpc/api';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { TokenService } from '@mcr/rpc/mcr/v1/tokens_pb';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { messagesOf } from './testing/messages.ts';
import { valuesPrefix, withoutOwnOptions } from './testing/string-lists.ts';
import { descriptorsWith } from './testing/workspace.ts';
import { describeApi } from './write-api.ts';

/** Every rule of the subset, in places where no request has it so far. */
const fixture = `syntax = "proto3";
package mcr.v1;
import "buf/validate/validate.proto";
import "mcr/v1/common.proto";
import "mcr/v1/options.proto";

message Fixture {
  string short = 1 [(buf.validate.field).string = {min_len: 2, max_len: 4}];
  optional string maybe = 2 [(buf.validate.field).string.min_len = 1];
  string lenient = 3 [(buf.validate.field) = {ignore: IGNORE_IF_ZERO_VALUE, string: {min_len: 3, pattern: "^[a-z]+$"}}];
  optional string chosen = 4 [(buf.validate.field).string = {in: ["a", ""]}];
  int32 small = 5 [(buf.validate.field).int32 = {gt: -3, lte: 3}];
  optional int64 large = 6 [(buf.validate.field) = {ignore: IGNORE_IF_ZERO_VALUE, int64: {gte: 5}}];
  repeated string words = 7 [(buf.validate.field) = {ignore: IGNORE_IF_ZERO_VALUE, repeated: {min_items: 2, max_items: 3, items: {string: {min_len: 1}}}}];
  repeated string some = 8 [(buf.validate.field).repeated = {min_items: 2, items: {string: {pattern: "^\\\\P{Z}*$"}}}];
  StringList list = 9 [(values) = {min_items: 1, max_items: 2, items: {string: {max_len: 1}}}];
  Inner inner = 11;
  repeated Inner inners = 12 [(buf.validate.field).repeated.max_items = 1];
  map<string, Inner> by_name = 13;
}
message Inner {
  string name = 2 [(buf.validate.field).string.max_len = 1];
  map<int32, string> names = 3;
}
`;

const requests = [AdminService, AuditService, AuthService, PolicyService, RegistryService, TokenService]
  .flatMap(({ methods }) => methods.map(({ input }) => input))
  .filter(({ fields }) => fields.length > 0);

let registry: FileRegistry;
let translated: FileRegistry;
let fixtureRules: AdminApi['rules'];
let protovalidate: Validator;

beforeAll(async () => {
  const set = await descriptorsWith({ 'mcr/v1/fixture.proto': fixture });
  registry = createFileRegistry(set);
  translated = createFileRegistry(withoutOwnOptions(set));
  fixtureRules = describeApi(registry).rules;
  protovalidate = createValidator({ registry: translated });
});

/** Paths of the fields that break a rule, according to protovalidate, as our problems name them. */
function violated<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): string[] {
  const theirs = translated.getMessage(schema.typeName)!;
  const {
    kind,
    error,
    violations = [],
  } = protovalidate.validate(theirs, fromBinary(theirs, toBinary(schema, message)));
  if (kind === 'error') throw error;
  return distinct(violations.map(pathOf));
}

function pathOf({ field }: Violation): string {
  const names = field.map((part) => {
    if (part.kind === 'field') return part.parent.name.startsWith(valuesPrefix) ? [] : part.name;
    return part.kind === 'list_sub' ? String(part.index) : part.kind === 'map_sub' ? String(part.key) : part.kind;
  });
  return names.flat().join('.');
}

/** Of more problems than a response has room for, ours are the first 300. */
function expectSameFields(problems: readonly FieldProblem[], theirs: readonly string[]): void {
  const ours = distinct(problems.map(({ field }) => field));
  if (problems.length < maxProblems) expect(ours).toEqual(theirs);
  else expect(theirs).toEqual(expect.arrayContaining(ours));
}

function distinct(paths: readonly string[]): string[] {
  return [...new Set(paths)].toSorted();
}

describe('validate finds the fields that protovalidate finds', () => {
  test.each(requests.map((schema) => [schema.typeName, schema] as const))('in %s', (_, schema) => {
    fc.assert(
      fc.property(messagesOf(schema, adminApi.rules), (message) => {
        expectSameFields(validate(schema, message), violated(schema, message));
      }),
      { numRuns: 100 },
    );
  });

  test('in a message with every rule there is, in lists, maps and messages in messages', () => {
    const schema = registry.getMessage('mcr.v1.Fixture')!;
    fc.assert(
      fc.property(messagesOf(schema, fixtureRules), (message) => {
        expectSameFields(validate(schema, message, fixtureRules), violated(schema, message));
      }),
      { numRuns: 1_000 },
    );
  });
});

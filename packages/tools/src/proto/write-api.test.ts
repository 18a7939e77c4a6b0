import { createFileRegistry } from '@bufbuild/protobuf';
import type { FileDescriptorSet } from '@bufbuild/protobuf/wkt';
import { beforeAll, describe, expect, test } from 'vitest';
import { descriptorsWith } from './testing/workspace.ts';
import { describeApi } from './write-api.ts';

const header = `syntax = "proto3";
package mcr.v1;
import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "mcr/v1/common.proto";
import "mcr/v1/options.proto";
`;

/** Each is the body of a proto of its own, and what its error begins with and tells. */
const broken: Readonly<Record<string, [says: RegExp, proto: string]>> = {
  'a method without a path': [
    /^rpc mcr\.v1\.A1Service\.Get: no option google\.api\.http with a path$/,
    service('A1', ['role: ROLE_PUBLIC', '']),
  ],
  'a method without access': [
    /^rpc mcr\.v1\.A2Service\.Get: no option mcr\.v1\.access with a role$/,
    service('A2', [undefined, 'get: "/v1/a2"']),
  ],
  'a method for no role': [
    /^rpc mcr\.v1\.A3Service\.Get: no option mcr\.v1\.access with a role$/,
    service('A3', ['scope: "admin:read"', 'get: "/v1/a3"']),
  ],
  'a method for admins that does not say what it does': [
    /^rpc mcr\.v1\.A4Service\.Get: the role admin and the action "" do not go together$/,
    service('A4', ['role: ROLE_ADMIN scope: "admin:read"', 'get: "/v1/a4"']),
  ],
  'a method with a token, but no scope': [
    /^rpc mcr\.v1\.A5Service\.Get: every method but a public one has a scope$/,
    service('A5', ['role: ROLE_ACCOUNT', 'get: "/v1/a5"']),
  ],
  'a path with a field that the request has not': [
    /^rpc mcr\.v1\.A6Service\.Get: mcr\.v1\.A6Request has no field nmae$/,
    service('A6', ['role: ROLE_PUBLIC', 'get: "/v1/a6/{nmae=**}"']),
  ],
  'a response_body that the response has not': [
    /^rpc mcr\.v1\.A7Service\.Get: mcr\.v1\.A7Response has no field nmae$/,
    service('A7', ['role: ROLE_PUBLIC', 'get: "/v1/a7" response_body: "nmae"']),
  ],
  'a projection of a field that the response has not': [
    /^rpc mcr\.v1\.A8Service\.Get: mcr\.v1\.A8Response has no field nmae$/,
    service('A8', ['role: ROLE_PUBLIC', 'get: "/v1/a8"', 'fields: ["name", "nmae"]']),
  ],
  'a location with a field that the response has not': [
    /^rpc mcr\.v1\.D1Service\.Get: mcr\.v1\.D1Response has no field nmae$/,
    service('D1', ['role: ROLE_PUBLIC', 'get: "/v1/d1"', 'location: "/v1/d1/{nmae.id}"']),
  ],
  'a body that is one field of the request': [
    /^rpc mcr\.v1\.A9Service\.Get: the only body there is, is "\*"$/,
    service('A9', ['role: ROLE_PUBLIC', 'post: "/v1/a9" body: "name"']),
  ],
  'a path that a method has': [
    /^rpc mcr\.v1\.B1Service\.Get and rpc mcr\.v1\.AdminService\.Health are both bound to GET \/v1\/health$/,
    service('B1', ['role: ROLE_PUBLIC', 'get: "/v1/health"']),
  ],
  'a path that a method has with another name for the same field': [
    /^rpc mcr\.v1\.\w+\.\w+ and rpc mcr\.v1\.\w+\.\w+ are both bound to DELETE \/v1\/accounts\/\{\}$/,
    service('B2', ['role: ROLE_PUBLIC', 'delete: "/v1/accounts/{name}"']),
  ],
  'a rule that is not of the subset': [
    /^field mcr\.v1\.C1\.name: .*validate\.ts does not know the rule uuid$/,
    field('C1', 'string name = 1 [(buf.validate.field).string.uuid = true];'),
  ],
  'a rule in CEL': [
    /^field mcr\.v1\.C2\.name: .*does not know the rule cel$/,
    field('C2', 'string name = 1 [(buf.validate.field).cel = {id: "c" expression: "this != \'\'"}];'),
  ],
  'a rule for a type that is not of the subset': [
    /^field mcr\.v1\.C3\.size: .*does not know the rule uint32$/,
    field('C3', 'uint32 size = 1 [(buf.validate.field).uint32.gt = 1];'),
  ],
  'a rule for items that is not of the subset': [
    /^field mcr\.v1\.C4\.names: .*does not know the rule required$/,
    field('C4', 'repeated string names = 1 [(buf.validate.field).repeated.items.required = true];'),
  ],
  'another way to leave rules out': [
    /^field mcr\.v1\.C5\.name: .*does not know the rule ignore$/,
    field('C5', 'string name = 1 [(buf.validate.field) = {ignore: IGNORE_ALWAYS string: {min_len: 1}}];'),
  ],
  'a rule for the values of a StringList that is not of the subset': [
    /^field mcr\.v1\.C6\.list: .*does not know the rule unique$/,
    field('C6', 'StringList list = 1 [(values).unique = true];'),
  ],
  'a pattern that is none': [
    /^field mcr\.v1\.C7\.name: Invalid regular expression/,
    field('C7', 'string name = 1 [(buf.validate.field).string.pattern = "^(?i)a$"];'),
  ],
  'a pattern that means another thing to protovalidate': [
    /^field mcr\.v1\.C8\.name: "\\S" means one thing in RE2 and another in JavaScript$/,
    field('C8', 'string name = 1 [(buf.validate.field).string.pattern = "^[.]\\\\S$"];'),
  ],
  'a oneof': [
    /^field mcr\.v1\.C9\.name: the JSON of packages\/rpc knows no oneof$/,
    field('C9', 'oneof either { string name = 1; string other = 2; }'),
  ],
};

function service(
  name: string,
  [access, http, rest]: [access: string | undefined, http: string, rest?: string],
): string {
  const options = [
    http === '' ? '' : `option (google.api.http) = {${http}};`,
    access === undefined ? '' : `option (access) = {${access}};`,
    rest === undefined ? '' : `option (rest) = {${rest}};`,
  ];
  return `service ${name}Service { rpc Get(${name}Request) returns (${name}Response) { ${options.join(' ')} } }
message ${name}Request { string name = 1; }
message ${name}Response { string name = 1; }`;
}

function field(message: string, text: string): string {
  return `message ${message} { ${text} }`;
}

const fileOf = (at: number) => `mcr/v1/broken_${at}.proto`;
let descriptors: FileDescriptorSet;

beforeAll(async () => {
  const files = Object.values(broken).map(([, proto], at) => [fileOf(at), `${header}${proto}\n`]);
  descriptors = await descriptorsWith(Object.fromEntries(files));
});

/** The descriptors with one of the broken protos at most. */
function registryWith(broken?: string) {
  const file = descriptors.file.filter(({ name }) => !name.includes('broken') || name === broken);
  return createFileRegistry({ ...descriptors, file });
}

describe('npm run proto', () => {
  test('takes the protos as they are', () => {
    expect(Object.keys(describeApi(registryWith()).methods)).toContain('mcr.v1.AdminService.Health');
  });

  test.each(Object.keys(broken).map((name, at) => [name, at] as const))(
    'rejects %s, and says where it is',
    (name, at) => {
      expect(() => describeApi(registryWith(fileOf(at)))).toThrow(broken[name]![0]);
    },
  );
});

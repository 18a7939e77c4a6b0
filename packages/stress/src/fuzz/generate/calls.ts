import {
  create,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { services } from '@mcr/rpc';
import type { Random } from '../../random.ts';
import type { Names } from '../names.ts';
import { flipped, hostileJson } from './json.ts';
import type { Request } from './request.ts';
import { authorization } from './requests.ts';
import { oddText, randomBytes } from './values.ts';

const methods = services.flatMap((service) => service.methods);
const numbers: readonly number[] = [0, 1, -1, 2, 7, 100, 2 ** 31 - 1, -(2 ** 31)];

/** Every RPC, but the one that copies the database only now and then. */
function someMethod(random: Random): (typeof methods)[number] {
  const method = random.pick(methods);
  return method.name === 'Snapshot' && random.chance(0.95) ? someMethod(random) : method;
}

/** Ways to put a message on the wire, by content type. */
const contentTypes = {
  'application/json': 4,
  'application/proto': 3,
  'application/grpc': 2,
  'application/grpc+json': 1,
  'application/grpc-web+proto': 2,
  'application/grpc-web-text': 1,
  'application/connect+json': 1,
  'application/connect+proto': 1,
};

/** A call of any RPC in any of the protocols, with any message, as a request of HTTP. */
export function someCall(random: Random, names: Names): Request {
  const method = someMethod(random);
  const type = random.weighted(contentTypes);
  return {
    method: 'POST',
    path: `/${method.parent.typeName}/${method.name}`,
    query: [],
    headers: [
      ['Host', names.host],
      ['Content-Type', type],
      ...(type === 'application/grpc' ? [['TE', 'trailers'] as const] : []),
      ...authorization(random, names, method.name === 'Logout'),
    ],
    body: encoded(random, names, method.input, type),
  };
}

function encoded(random: Random, names: Names, input: DescMessage, type: string): Buffer {
  const message = someMessage(random, names, input, 0);
  const isJson = type.endsWith('json');
  let bytes: Buffer = isJson ? Buffer.from(jsonOf(input, message)) : Buffer.from(toBinary(input, message));
  if (random.chance(0.25)) bytes = isJson ? hostileJson(random, bytes.toString()) : flipped(bytes, random);
  if (!isJson && random.chance(0.05)) bytes = Buffer.concat([bytes, deepGroups(random)]);
  if (type === 'application/json' || type === 'application/proto') return bytes;
  const framed = enveloped(random, bytes);
  return type === 'application/grpc-web-text' ? Buffer.from(framed.toString('base64')) : framed;
}

/** Times that no calendar has cannot be written as JSON. */
function jsonOf(input: DescMessage, message: Message): string {
  try {
    return JSON.stringify(toJson(input, message));
  } catch {
    return '{}';
  }
}

/** The five bytes before a message of gRPC, which sometimes lie. */
function enveloped(random: Random, bytes: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = random.chance(0.9) ? 0 : random.below(256);
  prefix.writeUInt32BE(random.chance(0.85) ? bytes.length : random.pick([0, 1, 2 ** 31, 2 ** 32 - 1, 1_048_577]), 1);
  const again = random.chance(0.1) ? Buffer.concat([prefix, bytes]) : Buffer.alloc(0);
  return Buffer.concat([prefix, bytes, again]);
}

/** Unknown fields in unknown fields: groups begin with wire type 3 and here never end. */
function deepGroups(random: Random): Buffer {
  return random.chance(0.5)
    ? Buffer.alloc(20_000, 0x7b)
    : Buffer.concat([Buffer.alloc(50, 0x0a), randomBytes(random, 9)]);
}

function someMessage(random: Random, names: Names, desc: DescMessage, depth: number): Message {
  const fields = desc.fields.map((field) => [field.localName, someValue(random, names, field, depth)] as const);
  return create(desc, Object.fromEntries(fields.filter(([, value]) => value !== undefined)));
}

function someValue(random: Random, names: Names, field: DescField, depth: number): unknown {
  if (random.chance(0.15) || depth > 5) return undefined;
  if (field.fieldKind === 'message') return someMessage(random, names, field.message, depth + 1);
  if (field.fieldKind === 'scalar') return someScalar(random, names, field.scalar, field.name);
  if (field.fieldKind === 'enum') return random.below(4);
  if (field.fieldKind === 'list' && field.listKind === 'scalar') {
    return Array.from({ length: random.below(4) }, () => someScalar(random, names, field.scalar, field.name));
  }
  return undefined;
}

function someScalar(random: Random, names: Names, scalar: ScalarType, name: string): unknown {
  if (scalar === ScalarType.STRING) return name === 'effect' ? 'allow' : someText(random, names);
  if (scalar === ScalarType.BOOL) return random.chance(0.5);
  if (scalar === ScalarType.INT64) return random.pick([0n, 1n, -1n, 7n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)]);
  if (scalar === ScalarType.BYTES) return randomBytes(random, random.below(20));
  return random.pick(numbers);
}

function someText(random: Random, names: Names): string {
  if (random.chance(0.5)) return oddText(random).toWellFormed();
  return random.pick([...names.repositories, ...names.manifests, ...names.tags, ...names.blobs, names.account]);
}

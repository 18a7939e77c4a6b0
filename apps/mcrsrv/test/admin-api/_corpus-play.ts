import type { OciResponse } from '@mcr/testkit';
import { normalize } from './_corpus-normal.ts';
import { type CorpusSeed, stepMs } from './_corpus-seed.ts';
import type { Exchange, Recording, Response, Step } from './_corpus-step.ts';
import { type CorpusWorld, openCorpusWorld } from './_corpus-world.ts';

/** Headers of a response that are part of the API. */
const recordedHeaders = [
  'content-type',
  'link',
  'location',
  'allow',
  'retry-after',
  'cache-control',
  'www-authenticate',
  'x-content-type-options',
  'mcr-error-code',
];
/** Longer than any life of a token is left after it. */
const longMs = 6 * 60 * 60_000;
const methodTarget = /^\/(?:mcr|grpc)\./;

/** Makes the requests one after the other, to a registry of their own. */
export async function play(
  seed: CorpusSeed,
  steps: readonly Step[],
  accounts: 'local' | 'mcias' = 'local',
): Promise<Recording> {
  await using world = await openCorpusWorld(seed, accounts);
  const exchanges: [string, Exchange][] = [];
  for (const step of steps) exchanges.push([step.name, await exchange(world, step)]);
  const recording = Object.fromEntries(exchanges);
  if (Object.keys(recording).length < steps.length) throw new Error(`Names that stand twice: ${twice(steps)}`);
  return recording;
}

function twice(steps: readonly Step[]): string {
  const names = steps.map(({ name }) => name);
  return names.filter((name, at) => names.indexOf(name) !== at).join(', ');
}

async function exchange(world: CorpusWorld, step: Step): Promise<Exchange> {
  const { as, request, headers, body, advance = 0 } = step;
  world.clock.advance(stepMs + advance);
  if (advance >= longMs) await world.renew();
  if (step.holds !== undefined) world.hold(step.holds);
  let received = await send(world, step);
  // A run of garbage collection has ended for its readers a moment before another may begin.
  while (step.settles && received.status === 409) received = await send(world, step);
  const text = received.text();
  for (const [name, path] of Object.entries(step.capture ?? {}))
    world.values.set(name, valueAt(received, path, step.name));
  if (step.settles) await world.settle();
  // Writes the events that are waiting, so that they come before those of the next step.
  await world.server.flushAudit();
  const response = responseOf(world, step, received, text);
  return {
    ...(as !== 'admin' && { as }),
    request,
    ...(headers && { headers }),
    ...(body !== undefined && { body: readable(body) }),
    response,
  };
}

async function send(world: CorpusWorld, step: Step): Promise<OciResponse> {
  const [method, path] = step.request.split(' ', 2) as [string, string];
  const client = methodTarget.test(path) ? world.rpc : world.rest;
  const token = step.as.startsWith('{{') ? expand(world, step.as).toString() : world.token(step.as);
  const headers = { ...(step.body !== undefined && { 'content-type': 'application/json' }), ...step.headers };
  const kept = Object.entries(headers).filter((header): header is [string, string] => header[1] !== null);
  return await client.request(method, expand(world, path).toString(), {
    authorization: token === undefined ? null : `Bearer ${token}`,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, expand(world, value).toString()])),
    ...(step.body !== undefined && { body: expand(world, step.body) }),
  });
}

/** A text with the values of the world in their places. */
export function expand({ values }: Pick<CorpusWorld, 'values'>, text: string): Buffer {
  const parts = text.split(/(\{\{[^}]+\}\})/);
  return Buffer.concat(
    parts.map((part) => (part.startsWith('{{') ? valueOf(values, part.slice(2, -2)) : Buffer.from(part))),
  );
}

function valueOf(values: ReadonlyMap<string, string>, name: string): Buffer {
  const [, byte] = /^byte:([0-9a-f]{2})$/.exec(name) ?? [];
  if (byte !== undefined) return Buffer.from(byte, 'hex');
  const [, repeated, count] = /^repeat:(.+):(\d+)$/.exec(name) ?? [];
  if (repeated !== undefined) return Buffer.from(repeated.repeat(Number(count)));
  const value = values.get(name);
  if (value === undefined) throw new Error(`Nothing is called ${name}`);
  return Buffer.from(value);
}

function valueAt(response: OciResponse, path: string, name: string): string {
  const value =
    path === 'link'
      ? /^<([^>]+)>/.exec(response.header('link') ?? '')?.[1]
      : path
          .split('.')
          .reduce<unknown>((it, key) => (it as Record<string, unknown> | undefined)?.[key], response.json());
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new Error(`${name}: no ${path} in ${response.text()}`);
  return String(value);
}

function responseOf(world: CorpusWorld, { request, outline }: Step, response: OciResponse, text: string): Response {
  const names = request.startsWith('HEAD ') ? [...recordedHeaders, 'content-length'] : recordedHeaders;
  const present = names.filter((name) => response.header(name) !== undefined);
  const headers = Object.fromEntries(present.map((name) => [name, normalize(world, response.header(name)!)]));
  const { status } = response;
  if (outline === true) return { status, headers, json: outlineOf(response.json()) };
  const body = normalize(world, text);
  if (body === '') return { status, headers };
  const json = parsed(body);
  return { status, headers, ...(json === undefined ? { text: body } : { json }) };
}

/** The value of a text that is JSON in the very form that `JSON.stringify` gives, so that nothing is lost with the text. */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A body as the recording shows it. */
function readable(body: string): unknown {
  const value = parsed(body);
  return typeof value === 'object' && value !== null ? value : body;
}

interface Described {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: object;
  readonly responses: object;
}

function outlineOf(document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}): object {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, parameters, requestBody, responses }]): [string, object] => [
      `${method.toUpperCase()} ${path}`,
      {
        needsToken: security.length > 0,
        parameters: parameters.map(({ in: place, name }) => `${place} ${name}`).toSorted(),
        hasBody: requestBody !== undefined,
        responses: Object.keys(responses).toSorted(),
      },
    ]),
  );
  return Object.fromEntries(operations.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

import { createHash } from 'node:crypto';
import { call, type Extras, type Step, step } from './_corpus-step.ts';

/** Fields of a JSON body, each as the text of its value. */
export type Fields = Readonly<Record<string, string>>;

/** Makes a body that nothing is wrong with; each word gives another one, where a second of the same would fail. */
export type MakeFields = (word: string) => Fields;

/** Fields as the text of a JSON object. */
export function objectOf(fields: Fields): string {
  const members = Object.entries(fields).map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  return `{${members.join()}}`;
}

/** What a field is tried with, by what it should be. */
const wrong = {
  text: [
    'null',
    '7',
    'true',
    '[]',
    '{}',
    '""',
    '" "',
    '"{{repeat:x:5000}}"',
    String.raw`"\ud800"`,
    String.raw`"a\u0000b"`,
  ],
  number: ['null', '"7"', '1.5', '1e2', '7.0', '-1', '0', '1000001', '99999999999999999999', 'true', '"x"', '[]'],
  boolean: ['null', '"true"', '1', '[]'],
  list: ['null', '"x"', '{}', '[null]', '[7]', '[""]', '["a","a"]', '[["a"]]', '["{{repeat:x:300}}"]'],
  object: ['null', '"x"', '[]', '{}', '7', '{"unknown":1}'],
};
export type Kind = keyof typeof wrong;

/** A word of its own for the body of a step, whatever steps there are beside it. */
function wordOf(title: string): string {
  return createHash('sha256').update(title).digest('hex').slice(0, 8);
}

/** Each field with values that it should not have, and without it. */
export function fieldSteps(
  request: string,
  make: MakeFields,
  kinds: Readonly<Record<string, Kind>>,
  extras?: Extras,
): Step[] {
  return Object.entries(kinds).flatMap(([field, kind]) => {
    const { [field]: _, ...others } = make(wordOf(`without ${field}`));
    return [
      ...wrong[kind].map((value) => {
        const title = `with ${field} ${value}`;
        return step(`${request} ${title}`, request, objectOf({ ...make(wordOf(title)), [field]: value }), extras);
      }),
      step(`${request} without ${field}`, request, objectOf(others), extras),
    ];
  });
}

/** Bodies that are no JSON of the right shape, or come with another content type. */
export function oddBodies(request: string, make: MakeFields, extras?: Extras): Step[] {
  let bodiesMade = 0;
  const good = () => objectOf(make(wordOf(`body ${(bodiesMade += 1)}`)));
  const bodies: readonly (readonly [string, string])[] = [
    ['an empty body', ''],
    ['the body null', 'null'],
    ['the body {}', '{}'],
    ['a list as body', `[${good()}]`],
    ['a text as body', '"text"'],
    ['a number as body', '7'],
    ['a body that is cut short', good().slice(0, -1)],
    ['text behind the body', `${good()} x`],
    ['two bodies', `${good()}${good()}`],
    ['spaces around the body', `\n ${good()}\t\r\n`],
    ['a comma at the end', `${good().slice(0, -1)},}`],
    ['an unknown field', `{"surprise":1${rest(good())}`],
    ['the field __proto__', `{"__proto__":{"role":"admin"}${rest(good())}`],
    ['the field constructor', `{"constructor":1${rest(good())}`],
    ['a byte order mark', `{{byte:ef}}{{byte:bb}}{{byte:bf}}${good()}`],
    ['bytes that are no UTF-8', `{"surprise":"{{byte:ff}}"${rest(good())}`],
    ['deep nesting', `{"surprise":{{repeat:[:5000}}{{repeat:]:5000}}${rest(good())}`],
    ['NaN', `{"surprise":NaN${rest(good())}`],
  ];
  const types = [
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'text/plain',
    'application/jsonp',
    'text/json',
    '',
  ];
  return [
    ...bodies.map(([name, body]) => step(`${request} with ${name}`, request, body, extras)),
    ...doubled(request, make, extras),
    ...types.map((type) =>
      step(`${request} as "${type}"`, request, good(), { ...extras, headers: { 'content-type': type } }),
    ),
    step(`${request} without a content type`, request, good(), { ...extras, headers: { 'content-type': null } }),
  ];
}

/** The odd bodies that tell apart how a message is read; for methods that share all the rest with another. */
export function fewOddBodies(request: string, make: MakeFields, extras?: Extras): Step[] {
  const few = [
    'an empty body',
    'the body null',
    'the body {}',
    'a list as body',
    'an unknown field',
    'a byte order mark',
  ];
  const kept = [...few, 'a field twice', 'in the other spelling', 'as "text/plain"'];
  return oddBodies(request, make, extras).filter(({ name }) => kept.some((it) => name.endsWith(it)));
}

/** The first field twice, and all fields in the spelling of the other API. */
function doubled(request: string, make: MakeFields, extras?: Extras): Step[] {
  const fields = make(wordOf('doubled'));
  const [first] = Object.entries(fields);
  if (first === undefined) return [];
  const [name, value] = first;
  const twice = `{${JSON.stringify(name)}:${value}${rest(objectOf(fields))}`;
  const other = Object.fromEntries(Object.entries(fields).map(([key, it]) => [otherSpelling(key), it]));
  const spelled = objectOf(other) === objectOf(fields) ? [] : [objectOf(other)];
  return [
    step(`${request} with a field twice`, request, twice, extras),
    ...spelled.map((body) => step(`${request} in the other spelling`, request, body, extras)),
  ];
}

function rest(object: string): string {
  return object === '{}' ? '}' : `,${object.slice(1)}`;
}

function otherSpelling(name: string): string {
  return name.includes('_')
    ? name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    : name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Who may not: an anonymous client, a bad token, accounts without the role; also before anything of the request is read. */
export function denials(request: string, body?: string, callers = ['none', 'bad', 'person', 'puller']): Step[] {
  return [
    ...callers.map((as) => step(`${request} by ${as}`, request, body, { as })),
    ...(body === undefined
      ? []
      : ['none', 'person']
          .filter((as) => callers.includes(as))
          .map((as) => step(`${request} by ${as} with a malformed body`, request, '{', { as }))),
  ];
}

const sizes = [
  '0',
  '1',
  '2',
  '1000',
  '1001',
  '-1',
  'x',
  '',
  '1.5',
  '01',
  '1e2',
  '%2B1',
  '%201',
  '9007199254740993',
  '0x1',
];

/** A list of the REST API by pages. `cursor` is what leads on, `good` one that does, `bad` ones that may not. */
export function restPages(
  path: string,
  options: { cursor?: string; good?: string; bad?: readonly string[]; filter?: string } = {},
): Step[] {
  const {
    cursor = 'last',
    good,
    bad = ['zzz', '', '%00', '%F0%9F%98%80', '{{repeat:x:512}}', '{{repeat:x:513}}'],
  } = options;
  const { filter = '' } = options;
  const get = (query: string) => step(`GET ${path}?${filter}${query}`, `GET ${path}?${filter}${query}`);
  return [
    step(`GET ${path}, a page`, filter === '' ? `GET ${path}` : `GET ${path}?${filter}n=3`),
    step(`HEAD ${path}`, `HEAD ${path}`),
    ...sizes.map((size) => get(`n=${size}`)),
    ...[...(good === undefined ? [] : [good]), ...bad].map((value) => get(`n=2&${cursor}=${value}`)),
    get('n=1&n=1'),
    get('n=1&n=2'),
    get(`${cursor}=a&${cursor}=a`),
    get('surprise=1'),
    get('surprise=1&surprise=1'),
    get('n=1&surprise=1'),
    get('N=1'),
    get('n'),
    get('&&n=1&'),
  ];
}

const pageSizes = [
  '0',
  '1',
  '2',
  '1000',
  '1001',
  '-1',
  '"2"',
  '"x"',
  '1.5',
  '1e0',
  '2.0',
  'null',
  '2147483648',
  'true',
  '[]',
];

/** A list of the RPCs by pages; `fields` are those that the list needs. */
export function rpcPages(method: string, fields: Fields = {}): Step[] {
  const list = (more: Fields, title: string, extras: Extras = {}) =>
    call(`${method} ${title}`, method, objectOf({ ...fields, ...more }), extras);
  const tokens = [
    '""',
    'null',
    '7',
    '"!"',
    '"eA="',
    '"eA=="',
    '"AA"',
    '"enp6"',
    '"MQ"',
    '"{{repeat:A:701}}"',
    String.raw`"\ud800"`,
  ];
  const first = `${method} from the start`;
  const name = `token of ${method.split('/')[1]}`;
  return [
    ...pageSizes.map((size) => list({ pageSize: size }, `with pageSize ${size}`)),
    ...tokens.map((token) => list({ pageToken: token }, `with pageToken ${token}`)),
    { ...list({ pageSize: '1' }, 'from the start', { capture: { [name]: 'nextPageToken' } }), name: first },
    list({ pageSize: '2', pageToken: `"{{${name}}}"` }, 'from there on'),
    list({ page_size: '1' }, 'with page_size 1'),
    list({ pageSize: '1', page_size: '2' }, 'with the page size in both spellings'),
  ];
}

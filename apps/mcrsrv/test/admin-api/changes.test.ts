import { expect, test } from 'vitest';
import type { Change } from './_corpus-change.ts';
import { uncovered } from './_corpus-coverage.ts';
import { expectedResponses } from './_corpus-differences.ts';
import { merged } from './_corpus-recording.ts';
import type { Exchange, Recording, Response } from './_corpus-step.ts';

const exchange = (response: Response): Exchange => ({ request: 'GET /v1/x', response });
const headers = {};
const long = { error: 'n: too long', detail: [{ field: 'n', problem: 'too long' }] };
const recording: Recording = {
  list: exchange({ status: 200, headers, json: { message: 'too long' } }),
  'a long n': exchange({ status: 400, headers, json: long }),
  'a long n by Connect': exchange({ status: 400, headers, json: { code: 'invalid_argument', message: 'n: too long' } }),
};
const why = 'for this test';
const apply = (...changes: Change[]) => expectedResponses('pages', recording, changes);

test('without changes the responses on record are expected', () => {
  const { responses, problems } = apply();
  expect(responses['list']).toEqual(recording['list']?.response);
  expect(problems).toEqual([]);
});

test('a change of wording reaches the errors that a pattern names, with their detail, and nothing else', () => {
  const change = { steps: /^pages: /, why, error: { from: 'too long', to: 'must be short' } };
  const { responses, problems, effective } = apply(change);
  expect(problems).toEqual([]);
  expect(effective).toEqual(new Set([change]));
  expect(responses).toEqual({
    list: recording['list']!.response,
    'a long n': {
      status: 400,
      headers,
      json: { error: 'n: must be short', detail: [{ field: 'n', problem: 'must be short' }] },
    },
    'a long n by Connect': { status: 400, headers, json: { code: 'invalid_argument', message: 'n: must be short' } },
  });
});

test('a change of the whole response takes the place of the one on record', () => {
  const response = { status: 404, headers, json: { error: 'gone' } };
  expect(apply({ steps: ['pages: list'], why, response }).responses['list']).toEqual(response);
});

test('a change of wording reaches a problem as it is in the text, behind its field, and may be a function', () => {
  const to = (_: string, field = '') => `${field}: must be short`;
  const { responses } = apply({ steps: /^/, why, error: { from: /(n): too long/g, to } });
  expect(responses['a long n']).toMatchObject({
    json: { error: 'n: must be short', detail: [{ field: 'n', problem: 'must be short' }] },
  });
  expect(responses['list']).toEqual(recording['list']?.response);
});

test('a function makes the response of now from the one on record, or from what entries before made of it', () => {
  const json = { message: 'short', more: [] };
  const { responses, problems } = apply(
    { steps: ['pages: list'], why, now: (recorded) => ({ ...recorded, json: { message: 'short' } }) },
    { steps: /list/, why, now: (recorded) => ({ ...recorded, json: { ...recorded.json, more: [] } }) },
  );
  expect(responses['list']).toEqual({ status: 200, headers, json });
  expect(problems).toEqual([]);
});

test('a step that is not compared any more is named, and no pattern after it changes that', () => {
  const entry: Change = { steps: ['pages: list'], why, compared: false };
  const { uncompared, effective, problems } = apply(entry, { steps: /list/, why, response: { status: 404 } });
  expect(uncompared).toEqual(new Set(['list']));
  expect(effective).toEqual(new Set([entry]));
  expect(problems).toEqual([]);
});

test.each<[string, Change[], RegExp]>([
  ['about no step', [{ steps: ['pages: other'], why, error: 'x' }], /there is no step "pages: other"/],
  ['that makes no difference', [{ steps: ['pages: list'], why, error: 'x' }], /no difference to "pages: list"/],
  [
    'on top of a whole response',
    [
      { steps: ['pages: list'], why, response: { status: 404 } },
      { steps: ['pages: list'], why, response: { status: 405 } },
    ],
    /an entry before has all of "pages: list"/,
  ],
  [
    'on top of a step that is not compared',
    [
      { steps: ['pages: list'], why, compared: false },
      { steps: ['pages: list'], why, response: { status: 405 } },
    ],
    /an entry before has all of "pages: list"/,
  ],
])('an entry %s is a mistake', (_name, changes, problem) => {
  expect(apply(...changes).problems).toEqual([expect.stringMatching(problem)]);
});

test('a pattern that matches nothing has no effect, by which it is found', () => {
  expect(apply({ steps: /^other: /, why, error: 'x' }).effective.size).toBe(0);
});

test('what is on record of a step stays until its request is another one', () => {
  const now = { status: 500, headers };
  const played = {
    list: exchange(now),
    'a long n': { request: 'GET /v1/y', response: now },
    'a new step': exchange(now),
  };
  expect(merged(recording, played)).toEqual({ ...played, list: recording['list'] });
});

test('names of repositories have slashes, whatever the parameter is called', () => {
  const denied: Exchange = { request: 'GET /v1/repositories/a/b/tags', response: { status: 403, headers } };
  const tags: Exchange = { request: 'GET /v1/repositories/a/b/tags', response: { status: 200, headers } };
  for (const name of ['name', 'repository']) {
    expect(uncovered([`GET /v1/repositories/{${name}}/tags`], [{ denied, tags }])).toEqual([]);
  }
});

test('an operation without a success or a denial is found, one that is for everyone needs no denial', () => {
  const open: Exchange = { as: 'none', request: 'GET /v1/open', response: { status: 200, headers } };
  const once: Exchange = { request: 'GET /v1/once?n=1', response: { status: 200, headers } };
  const operations = ['GET /v1/open', 'GET /v1/once', 'POST /v1/never', 's.v1.S/Call'];
  expect(uncovered(operations, [{ open, once }])).toEqual([
    'GET /v1/once is never denied',
    'POST /v1/never never succeeds',
    'POST /v1/never is never denied',
    's.v1.S/Call never succeeds',
    's.v1.S/Call is never denied',
  ]);
});

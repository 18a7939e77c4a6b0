import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const sent: unknown[] = [];
let description: string | undefined;
const responses: Responses = {
  registry: {
    getRepository: () => ({ repository: { name: 'team/app', tagCount: 1, ...(description && { description }) } }),
    listTags: () => ({ tags: [] }),
    updateRepository: (request) => {
      sent.push({ name: request.name, description: request.description });
      if (request.description === 'bad') throw new ConnectError('description: must be one line', Code.InvalidArgument);
      return { repository: { name: 'team/app' } };
    },
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  sent.length = 0;
  description = undefined;
});

test('a description is shown to every user, as inert text', async () => {
  description = 'The <b>shop</b>';
  expect((await stage.grace.get('/repositories/team/app')).body).toContain(
    '<p class="prose">The &lt;b&gt;shop&lt;/b&gt;</p>',
  );
});

test('only admins have the form for it', async () => {
  expect((await stage.grace.get('/repositories/team/app')).body).not.toContain('Add a description');
  expect((await stage.admin.get('/repositories/team/app')).body).toContain('Add a description');
  expect((await stage.grace.post('/repositories/team/app', { description: 'x' })).status).toBe(403);
  expect(sent).toEqual([]);
});

test('a description is set, and removed', async () => {
  for (const text of ['The shop', '']) {
    const response = await stage.admin.post('/repositories/team/app', { description: text });
    expect(response).toMatchObject({ status: 303, headers: { location: '/repositories/team/app' } });
  }
  expect(sent).toEqual([
    { name: 'team/app', description: 'The shop' },
    { name: 'team/app', description: '' },
  ]);
});

test('a rejected one stays in the form, with the reason', async () => {
  const { status, body } = await stage.admin.post('/repositories/team/app', { description: 'bad' });
  expect(status).toBe(422);
  expect(body).toContain('<p class="problem" role="alert">description: must be one line.</p>');
  expect(body).toContain('name="description" maxlength="500" value="bad"');
});

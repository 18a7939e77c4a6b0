import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stage, startStage } from './_util/stage.ts';

const requestId = '5867a066-eb79-4bc5-bdf2-1aa77c8b4d14';
const guestId = '00000000-0000-0000-0000-000000000000';
let stage: Stage;
beforeAll(async () => {
  stage = await startStage({
    registry: {
      getRepository: () => {
        throw new ConnectError('Your account may not do registry:pull', Code.PermissionDenied, {
          'x-request-id': requestId,
          'mcr-denied-action': 'registry:pull',
          'mcr-denied-repository': 'secret/app',
        });
      },
    },
    audit: {
      listAuditEvents: () => ({
        events: [
          {
            id: 2n,
            eventType: 'policy_deny',
            actor: { id: 'some-id', name: 'ci' },
            repository: 'prod/app',
            details: { action: 'registry:push', rule: 'default', request_id: requestId },
          },
          {
            id: 1n,
            eventType: 'policy_deny',
            actor: { id: guestId, name: 'anonymous' },
            repository: 'prod/app',
            details: { action: 'registry:pull', rule: 'default', request_id: requestId },
          },
        ],
      }),
    },
    policy: {
      explainPolicy: () => ({
        effect: 'deny',
        principal: { username: 'ci', accountType: 'system' },
        nearMisses: [
          {
            rule: {
              id: 7n,
              effect: 'allow',
              priority: 3,
              description: 'CI may push',
              enabled: true,
              repositories: ['prod/*'],
            },
            failed: ['roles', 'except_subjects'],
          },
          { rule: { id: 8n, effect: 'allow', priority: 4, description: 'Later', enabled: false }, failed: ['enabled'] },
        ],
      }),
    },
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

test('the page of a denial has the id of the request, by which an admin finds it', async () => {
  const { status, body } = await stage.grace.get('/repositories/secret/app');
  expect(status).toBe(403);
  expect(body).toContain(`<code>${requestId}</code>`);
  expect(body).not.toContain('Why denied?');
});

test('for an admin, it leads to the explanation with its fields filled in', async () => {
  const { body } = await stage.admin.get('/repositories/secret/app');
  expect(body).toContain('href="/policies?who=admin&amp;action=registry%3Apull&amp;repository=secret%2Fapp#explain"');
});

test('a denial in the audit log leads to its explanation, that of a guest by the type of the account', async () => {
  const { body } = await stage.admin.get('/audit');
  expect(body).toContain('href="/policies?who=ci&amp;action=registry%3Apush&amp;repository=prod%2Fapp#explain"');
  expect(body).toContain(
    'href="/policies?action=registry%3Apull&amp;repository=prod%2Fapp&amp;account_type=anonymous#explain"',
  );
  expect(body).toContain(requestId);
});

test('an explanation names the rules that nearly matched, and what failed', async () => {
  const { body } = await stage.admin.get('/policies?who=ci&action=registry%3Apush&repository=prod%2Fapp');
  expect(body).toContain('Would allow it, but for what does not match');
  expect(body).toMatch(/href="\/policies\/7"><bdi>CI may push<\/bdi><\/a>.*roles, except subjects/);
  expect(body).toMatch(/href="\/policies\/8"><bdi>Later<\/bdi><\/a>.*disabled/);
});

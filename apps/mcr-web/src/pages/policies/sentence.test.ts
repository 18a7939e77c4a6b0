import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { PolicyRuleSchema } from '@mcr/rpc/mcr/v1/policy_pb';
import { expect, test } from 'vitest';
import { sentence } from './sentence.ts';

test.each<[MessageInitShape<typeof PolicyRuleSchema>, string]>([
  [{ effect: 'allow' }, 'Allow all accounts everything everywhere'],
  [
    { effect: 'allow', accountTypes: ['system'], roles: ['ci'], actions: ['registry:pull', 'registry:push'] },
    'Allow system accounts with role ci to pull and push everywhere',
  ],
  [
    { effect: 'deny', exceptRoles: ['release'], exceptSubjects: ['id-7'], actions: ['registry:delete'] },
    'Deny all accounts except role release and account id-7 to delete everywhere',
  ],
  [
    { effect: 'deny', subject: 'id-7', repositories: ['prod/**', 'a/*', 'b'] },
    'Deny account id-7 everything in prod/**, a/* and b',
  ],
])('%j is said as a sentence', async (fields, words) => {
  const text = String(await sentence(create(PolicyRuleSchema, fields)));
  expect(text.replaceAll(/<[^>]*>/g, '')).toBe(words);
});

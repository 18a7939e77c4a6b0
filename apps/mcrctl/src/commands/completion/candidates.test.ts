import { expect, test } from 'vitest';
import { commandSet } from '../index.ts';
import { findCandidates, type Lookup } from './candidates.ts';

/** A server with names of each kind, which ignores the prefix. */
const names = {
  repository: ['team/api', 'team/app', 'zoo'],
  tag: ['team/app:1.0', 'team/app:latest'],
  account: ['alice', 'ci'],
  identity: ['ann', 'bob'],
  token: ['deploy', 'laptop'],
  rule: ['3', '14'],
  context: ['prod', 'staging'],
  file: [],
};
const lookup: Lookup = async (kind) => names[kind].map((value) => ({ value }));

const complete = async (line: string): Promise<string[]> =>
  (await findCandidates(line, commandSet, lookup)).map(({ value }) => value);

test.each([
  ['mcrctl re', ['repo']],
  ['mcrctl log', ['login', 'logout']],
  ['mcrctl repo ', ['list', 'get', 'update', 'delete', 'layers']],
  ['mcrctl repo g', ['get']],
  ['mcrctl gc ', ['list', 'status']],
  ['mcrctl snapshot ', ['list', 'create']],
  ['mcrctl repo get ', ['team/api', 'team/app', 'zoo']],
  ['mcrctl repo get team/ap', ['team/api', 'team/app']],
  ['mcrctl repo get team/app ', []],
  ['mcrctl tag delete team/app:', ['team/app:1.0', 'team/app:latest']],
  ['mcrctl manifest get team/app:l', ['team/app:latest']],
  ['mcrctl account delete a', ['alice']],
  ['mcrctl token revoke ', ['deploy', 'laptop']],
  ['mcrctl token rotate --account ci d', ['deploy']],
  ['mcrctl token list --account c', ['ci']],
  ['mcrctl identity block a', ['ann']],
  ['mcrctl context use s', ['staging']],
  ['mcrctl repo list --context p', ['prod']],
  ['mcrctl repo list -o w', ['wide']],
  ['mcrctl policy get ', ['3', '14']],
  ['mcrctl policy explain registry:pu', ['registry:pull', 'registry:push']],
  ['mcrctl policy explain registry:pull t', ['team/api', 'team/app']],
  ['mcrctl policy explain registry:pull --user ', ['alice', 'ci']],
  ['mcrctl policy create --effect ', ['allow', 'deny']],
  ['mcrctl policy create --effect=d', ['--effect=deny']],
  ['mcrctl policy create --effect deny --account-type s', ['system']],
  ['mcrctl gc --w', ['--wait']],
  ['mcrctl gc status --w', []],
  ['mcrctl repo list --qu', ['--quiet']],
  ['mcrctl tag list team/app --json up', ['updated_at']],
  ['mcrctl tag list team/app --json name,d', ['name,digest']],
  ['mcrctl tag list team/app --json=name,d', ['--json=name,digest']],
  ['mcrctl completion ', ['bash', 'zsh', 'fish']],
  ['mcrctl --server https://localhost:8443 repo g', ['get']],
  ['mcrctl audit list --type gc', ['gc_started', 'gc_completed']],
  ['mcrctl login --ca-cert ', []],
  ['mcrctl teleport ', []],
])('%s leads to %j', async (line, candidates) => {
  expect(await complete(line)).toEqual(candidates);
});

test('options of the command and the global ones are offered, with their descriptions', async () => {
  const candidates = await findCandidates('mcrctl repo delete --', commandSet, lookup);
  expect(candidates.map(({ value }) => value)).toEqual([
    '--yes',
    '--server',
    '--context',
    '--grpc',
    '--token',
    '--ca-cert',
    '--timeout',
    '--json',
    '--output',
    '--quiet',
    '--no-color',
  ]);
  expect(candidates[0]?.describe).toBe('Skip the confirmation');
});

test('the lookup uses the server of the line', async () => {
  const asked: unknown[] = [];
  const spy: Lookup = async (kind, prefix, { given }) => {
    asked.push([kind, prefix, given]);
    return [];
  };
  await findCandidates('mcrctl --server https://a --ca-cert=/ca.crt repo get te', commandSet, spy);
  expect(asked).toEqual([['repository', 'te', { server: 'https://a', 'ca-cert': '/ca.crt' }]]);
});

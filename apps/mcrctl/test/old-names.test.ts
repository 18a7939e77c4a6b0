import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandSet } from '../src/commands/index.ts';
import { renderReference } from '../src/docs/reference.ts';
import { type Operator, startOperator } from './_util/operator.ts';
import { runMcrctl, words } from './_util/run-mcrctl.ts';

/** Commands that were renamed: scripts still use the old names. */
const renamed = [
  ['repo show', 'repo get'],
  ['manifest show', 'manifest get'],
  ['policy show', 'policy get'],
  ['gc runs', 'gc list'],
  ['account add', 'account create'],
  ['account remove', 'account delete'],
] as const;

describe.each(renamed)('%s, which is %s today,', (before, now) => {
  test('has the help of that, which does not mention the old name', async () => {
    const { stdout } = await runMcrctl([...words(before), '--help']);
    expect(stdout).toBe((await runMcrctl([...words(now), '--help'])).stdout);
    expect(stdout).toMatch(`Usage: mcrctl ${now} `);
    expect(stdout).not.toMatch(before);
  });

  test('is not in lists of commands, documentation and completion', async () => {
    const [noun, verb] = words(before);
    for (const line of ['--help', `${noun} --help`])
      expect((await runMcrctl(words(line))).stdout).not.toMatch(new RegExp(`(?:[:,] |^  )${verb}\\b`, 'm'));
    expect(renderReference(commandSet)).not.toMatch(`mcrctl ${before}`);
    expect((await runMcrctl(['__complete', `mcrctl ${noun} ${verb?.slice(0, 2)}`])).stdout).not.toMatch(`${verb}`);
  });
});

test('a mistyped old name suggests the current one', async () => {
  expect((await runMcrctl(words('repo shwo'))).stderr).toMatch('did you mean get?');
});

test('options of an old name are completed, and fields behind --json are found', async () => {
  expect((await runMcrctl(['__complete', 'mcrctl manifest show --ra'])).stdout).toMatch(/^--raw\t/);
  expect((await runMcrctl(['__complete', 'mcrctl repo show a --json tag'])).stdout).toMatch(/^tag_count\t/);
});

describe('on a registry', () => {
  let operator: Operator;
  beforeAll(async () => {
    operator = await startOperator();
    await operator.login();
    await operator.run('policy create --effect deny --priority 7 --role nobody');
  });
  afterAll(() => operator[Symbol.asyncDispose]());

  const input = 'a password of some length';

  test.each([
    ['account add', 'account add robo --type system --json username', '{"username":"robo"}\n'],
    ['account remove', 'account remove robo --yes --json username', '{"username":"robo"}\n'],
    ['policy show', 'policy show 1 --json id,effect', '{"id":1,"effect":"deny"}\n'],
    ['policy show before --json', '--json=id policy show 1', '{"id":1}\n'],
    ['gc runs', 'gc runs --json', ''],
    [
      'audit tail --n',
      'audit tail --n 1 --type account_deleted --json event_type',
      '{"event_type":"account_deleted"}\n',
    ],
    ['audit list --n', 'audit list --n=1 --type login --json event_type', '{"event_type":"login"}\n'],
  ])('%s works as before', async (_name, line, stdout) => {
    expect(await operator.run(line, { input })).toMatchObject({ exitCode: 0, stdout });
  });

  test('repo show fails as repo get does', async () => {
    const [before, now] = [await operator.run('repo show no/such'), await operator.run('repo get no/such')];
    expect(before).toMatchObject({ exitCode: 3 });
    expect(before).toEqual(now);
  });
});

test('--n is not in help and documentation', async () => {
  for (const line of ['audit tail --help', 'audit list --help'])
    expect((await runMcrctl(words(line))).stdout).not.toMatch(/--n\b/);
  expect(renderReference(commandSet)).not.toMatch(/--n\b(?!o)/);
  expect((await runMcrctl(['__complete', 'mcrctl audit tail --n'])).stdout).not.toMatch(/^--n\t/m);
});

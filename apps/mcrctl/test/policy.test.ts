import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buildImage, pushImage } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';

let operator: Operator;

beforeAll(async () => {
  operator = await startOperator();
  await operator.login();
});
afterAll(() => operator[Symbol.asyncDispose]());

type Rule = Record<string, unknown> & { readonly id: number };

const lines = (stdout: string): Rule[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Rule);

/** A rule without the fields of server and client. */
const content = ({
  id: _id,
  delegated: _delegated,
  created_by: _by,
  created_at: _at,
  updated_at: _updated,
  warnings: _warnings,
  subject_name: _name,
  except_subject_names: _names,
  ...rest
}: Rule) => rest;

const list = async () => lines((await operator.run('policy list --json')).stdout);

async function removeAll(): Promise<void> {
  for (const { id } of await list()) await operator.run(`policy delete ${id} --yes`);
}

const full = {
  priority: 10,
  effect: 'deny',
  enabled: false,
  roles: ['deploy'],
  account_types: ['system'],
  subject: '7f3b7a0c-6f0e-4a4b-9a55-1f0f3f8a7b11',
  actions: ['registry:pull', 'registry:push'],
  repositories: ['prod/*', 'team/[a-c]?'],
  except_roles: ['ops'],
  except_subjects: ['3f8e1d9e-1b0a-4c8e-9d55-0a5b6c7d8e9f'],
  description: 'A rule with everything, "quoted", and a comma',
};
const least = {
  priority: 20,
  effect: 'allow',
  enabled: true,
  roles: [],
  account_types: [],
  subject: null,
  actions: [],
  repositories: [],
  except_roles: [],
  except_subjects: [],
  description: '',
};

describe('a rule is created', () => {
  test('from flags', async () => {
    const flags = `--priority 10 --effect deny --disabled --role deploy --account-type system --subject ${full.subject}
      --action registry:pull --action registry:push --repository prod/* --repository team/[a-c]? --not-role ops --not-subject ${full.except_subjects[0]}
      --description '${full.description}'`;
    const { stdout, stderr, exitCode } = await operator.run(`policy create ${flags} --json`);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(lines(stdout).map(content)).toEqual([full]);
  });

  test.each([
    ['--json as text', `policy create --everything --json '${JSON.stringify(least)}'`, ''],
    ['stdin', 'policy create --everything --file - --json', JSON.stringify(least)],
    [
      'stdin, with nothing that can be left out',
      'policy create --everything -f - --json',
      '{"priority":20,"effect":"allow"}',
    ],
  ])('from %s', async (_name, line, input) => {
    const { stdout, exitCode } = await operator.run(line, { input });
    expect(exitCode).toBe(0);
    expect(lines(stdout).map(content)).toEqual([least]);
  });

  test('from a file, and several at a time', async () => {
    const file = join(operator.registry.directory, 'rules.json');
    await writeFile(file, JSON.stringify([least, full], null, 2));
    const { stdout } = await operator.run(`policy create --everything --file ${file} --json`);
    expect(lines(stdout).map(content)).toEqual([least, full]);
  });

  test('and shown with the selected fields', async () => {
    const { stdout } = await operator.run(
      'policy create --everything --priority 1 --effect allow --json effect,priority',
    );
    expect(stdout).toBe('{"effect":"allow","priority":1}\n');
  });

  test('and shown on one line to a program', async () => {
    const { stdout } = await operator.run('policy create --priority 1 --effect deny --role a --role b');
    expect(stdout).toMatch(/^\d+\t1\tdeny\ttrue\ta or b\t\t\t\n$/);
  });
});

describe('a rule without conditions', () => {
  const narrow = "--effect deny --priority 9 --role ci --repository 'a/*'";

  test.each([
    ['from flags', '--effect deny --priority 9', ''],
    ['as text', `--json '{"effect":"deny","priority":9,"roles":[],"enabled":false}'`, ''],
    ['among others', '--file -', `${JSON.stringify(full)}\n${JSON.stringify(least)}`],
  ])('is not created %s without --everything', async (_how, rest, input) => {
    await removeAll();
    const { exitCode, stderr } = await operator.run(`policy create ${rest}`, { input });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/every account, every action and every repository[^]*--everything/);
    expect(await list()).toEqual([]);
    expect(await operator.run(`policy create --everything ${rest}`, { input })).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ['no longer narrowed', `--json '{"roles":[],"repositories":[]}'`],
    ['no longer narrowed, from a file', '--file -'],
  ])('does not result from another one that is %s without --everything', async (_how, change) => {
    const [{ id }] = lines((await operator.run(`policy create ${narrow} --json`)).stdout) as [{ id: number }];
    const input = '{"roles":[],"repositories":[]}';
    const { exitCode, stderr } = await operator.run(`policy update ${id} ${change}`, { input });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/would deny everything[^]*--everything/);
    expect(await operator.run(`policy update ${id} --json '{"roles":[]}'`)).toMatchObject({ exitCode: 0 });
    expect(await operator.run(`policy update ${id} ${change} --everything`, { input })).toMatchObject({ exitCode: 0 });
    expect(await operator.run(`policy update ${id} --priority 8`)).toMatchObject({ exitCode: 0 });
    expect((await operator.run(`policy update ${id} --effect allow`)).exitCode).toBe(2);
  });
});

test('a pattern that matches nothing is rejected with a suggestion', async () => {
  const { exitCode, stderr } = await operator.run(
    "policy create --effect deny --priority 9 --repository 'Secret/*:v1'",
  );
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/names have no tag, names are in lower case; write "secret\/\*"/);
});

test('list and show print the warnings of a rule', async () => {
  await removeAll();
  await operator.run("policy create --effect deny --priority 9 --repository 'prod/**' --description Frozen");
  {
    using database = new DatabaseSync(join(operator.registry.directory, 'mcr.db'));
    database.exec(`UPDATE policy_rules SET repositories = '["prod/*"]', rewritten_from = '["prod/**"]'`);
  }
  const warning = expect.stringContaining('rewritten "prod/**" to "prod/*"');
  const { stdout, stderr } = await operator.run('policy list --json');
  const [rule] = lines(stdout);
  expect(rule).toMatchObject({ repositories: ['prod/*'], warnings: [warning] });
  const [text] = rule!.warnings as string[];
  expect(stderr).toBe(`warning: rule ${rule!.id} "Frozen": ${text}\n`);
  expect((await operator.run(`policy get ${rule!.id}`)).stderr).toContain(text);
  const copied = await operator.run('policy create --file - --json', { input: stdout });
  expect(copied.exitCode).toBe(0);
  await removeAll();
});

test('policy create accepts the output of policy list', async () => {
  await removeAll();
  const given = [full, least, { ...least, priority: 5, subject: full.subject }];
  await operator.run('policy create --everything --file -', {
    input: given.map((rule) => JSON.stringify(rule)).join('\n'),
  });
  const saved = (await operator.run('policy list --json')).stdout;
  const before = await list();
  expect(before).toHaveLength(3);
  await removeAll();
  expect(await list()).toEqual([]);
  expect(await operator.run('policy create --everything --file -', { input: saved })).toMatchObject({ exitCode: 0 });
  expect((await list()).map(content)).toEqual(before.map(content));
});

test('built-in rules are listed on request, and skipped by policy create', async () => {
  await removeAll();
  const builtin = (await operator.run('policy list --builtin --json')).stdout;
  expect(lines(builtin).map(({ id }) => id)).toEqual([-1, -2, -3]);
  expect(await operator.run('policy create --file -', { input: builtin })).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: 'Skipped the built-in rules, which every registry has\n',
  });
});

test('nothing is created if one of several rules is invalid', async () => {
  await removeAll();
  const { exitCode } = await operator.run('policy create --everything -f -', {
    input: `${JSON.stringify(least)}\n{"effekt":"deny"}`,
  });
  expect(exitCode).toBe(2);
  expect(await list()).toEqual([]);
});

test('a rule that the server rejects stops the command, which prints how many were created', async () => {
  await removeAll();
  const input = [least, { ...least, repositories: ['['] }, full].map((rule) => JSON.stringify(rule)).join('\n');
  const { exitCode, stdout, stderr } = await operator.run('policy create --everything -f - --json effect', { input });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '{"effect":"allow"}\n' });
  expect((JSON.parse(stderr) as { error: { message: string } }).error.message).toMatch(
    '; 1 of 3 rules had been created',
  );
  expect(await list()).toHaveLength(1);
});

describe('a rule that exists', () => {
  let id: number;

  beforeAll(async () => {
    await removeAll();
    const { stdout } = await operator.run(`policy create --json '${JSON.stringify(full)}'`);
    id = lines(stdout)[0]!.id;
  });

  test.each([
    ['a flag', '--priority 30', '', { priority: 30 }],
    ['several flags', '--effect allow --role a --role b', '', { effect: 'allow', roles: ['a', 'b'] }],
    ['text', `--json '{"repositories":[],"subject":null}'`, '', { repositories: [], subject: null }],
    ['stdin', '--file -', '{"description":"changed","enabled":true}', { description: 'changed', enabled: true }],
  ])('is changed by %s, and is otherwise unchanged', async (_name, flags, input, change) => {
    const [before] = await list();
    const outcome = await operator.run(`policy update ${id} ${flags}`, { input });
    expect(outcome).toMatchObject({ exitCode: 0 });
    const [after] = await list();
    expect(content(after!)).toEqual({ ...content(before!), ...change });
  });

  test('is restored from the output of policy get', async () => {
    const saved = (await operator.run(`policy get ${id} --json`)).stdout;
    const [before] = lines(saved);
    expect(before).toMatchObject({ subject: null });
    await operator.run(`policy update ${id} --priority 99 --subject ${full.subject} --role z`);
    const outcome = await operator.run(`policy update ${id} --file - --json`, { input: saved });
    expect(outcome).toMatchObject({ exitCode: 0 });
    expect(lines(outcome.stdout).map(content)).toEqual([content(before!)]);
  });

  test('is not changed without a change', async () => {
    expect(await operator.run(`policy update ${id} --json {}`)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('"--json contains no change"'),
    });
  });

  test('is disabled and enabled', async () => {
    expect(await operator.run(`policy disable ${id} --json enabled`)).toMatchObject({ stdout: '{"enabled":false}\n' });
    expect(await operator.run(`policy enable ${id}`)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `Rule ${id} "changed" is enabled\n`,
    });
    expect(lines((await operator.run(`policy get ${id} --json`)).stdout)[0]).toMatchObject({ id, enabled: true });
  });

  test('is deleted by a user who types its id', async () => {
    const { stderr, exitCode } = await operator.run(`policy delete ${id}`, { terminal: true, replies: [String(id)] });
    expect(exitCode).toBe(0);
    expect(stderr).toBe(
      `This will delete rule ${id} "changed".\nType ${id} to continue: ${id}\nDeleted rule ${id} "changed"\n`,
    );
    expect(await list()).toEqual([]);
  });
});

test('a description has no control characters in the prompt of policy delete', async () => {
  const body = JSON.stringify({ ...least, description: 'a\u001B[2Jb' });
  const { stdout } = await operator.run(`policy create --everything --json '${body}'`);
  const { stderr } = await operator.run(`policy delete ${lines(stdout)[0]!.id}`, { terminal: true, replies: ['no'] });
  expect(stderr).toMatch('"a\uFFFD[2Jb"');
  expect(stderr).not.toMatch('\u001B');
  await removeAll();
});

describe('explain', () => {
  test('explains its own account by default', async () => {
    const { stdout } = await operator.run('policy explain registry:push team/app');
    expect(stdout).toBe(
      [
        'effect\tallow',
        'policy_default\topen',
        'decided_by\trule -1 "Administrators may do everything"',
        'caller\tadmin (human, admin)',
        'match\trule -1 "Administrators may do everything": allow',
        'match\trule -2 "People may pull, push, delete and list everywhere": allow',
        '',
      ].join('\n'),
    );
  });

  test('explains a described caller', async () => {
    const line = 'policy explain registry:pull team/app --account-type system --role deploy --json';
    const [explanation] = lines((await operator.run(line)).stdout);
    expect(explanation).toMatchObject({
      effect: 'deny',
      rule: null,
      matches: [],
      principal: { account_type: 'system', roles: ['deploy'] },
    });
  });

  test('explains an action without a repository', async () => {
    const { stdout } = await operator.run('policy explain registry:catalog --account-type human --json effect');
    expect(stdout).toBe('{"effect":"allow"}\n');
  });

  test('shows callers other than admins only the decision and the id of the rule', async () => {
    const password = 'the password of zoe';
    await operator.run('account create zoe', { input: password });
    const flags = "--effect deny --priority 1 --repository 'secret/*' --description Merger";
    const [deny] = lines((await operator.run(`policy create ${flags} --json`)).stdout);
    const { baseUrl, grpcUrl, caPath } = operator.registry;
    const flagsOfLogin = `--server ${baseUrl} --grpc ${grpcUrl} --ca-cert ${caPath} --username zoe`;
    expect(await operator.run(`login ${flagsOfLogin}`, { input: password })).toMatchObject({ exitCode: 0 });
    try {
      const { stdout } = await operator.run('policy explain registry:pull secret/app');
      expect(stdout).toBe(`effect\tdeny\npolicy_default\topen\ndecided_by\trule ${deny!.id}\ncaller\tzoe (human)\n`);
      const [explanation] = lines((await operator.run('policy explain registry:pull secret/app --json')).stdout);
      expect(explanation).toMatchObject({ effect: 'deny', rule_id: deny!.id, rule: null, matches: [] });
      expect((await operator.run('policy explain registry:pull secret/app --user admin')).exitCode).not.toBe(0);
    } finally {
      await operator.login();
      await removeAll();
    }
  });

  test('finds accounts by name, and reports unknown ones', async () => {
    const { exitCode, stderr } = await operator.run('policy explain registry:pull team/app --user nobody');
    expect(exitCode).toBe(3);
    expect(stderr).toMatch('error: cannot explain the decision: there is no such local account');
  });
});

describe('policy match', () => {
  test('lists the repositories that a pattern matches now', async () => {
    const image = await buildImage({ layers: [{ size: 10 }] });
    for (const name of ['prod/app', 'prod/team/app', 'home/ann/app']) {
      await pushImage(operator.registry.client(), name, '1.0', image);
    }
    const found = async (line: string) => lines((await operator.run(`policy match ${line} --json`)).stdout);
    expect(await found("'prod/**'")).toEqual([{ name: 'prod/app' }, { name: 'prod/team/app' }]);
    expect(await found("'prod/**' --limit 1")).toEqual([{ name: 'prod/app' }]);
    expect(await found("'home/{username}/*' --user ann")).toEqual([{ name: 'home/ann/app' }]);
    expect(await found("'home/{username}/*' --user bob")).toEqual([]);
    expect((await operator.run("policy match 'none/*'", { terminal: true })).stderr).toBe(
      'No repository matches now; the rule applies to those that come\n',
    );
    const rejected = await operator.run("policy match 'prod**'");
    expect(rejected.exitCode).not.toBe(0);
    expect(rejected.stderr).toContain('write "prod*"');
  });
});

import { buildImage, buildIndex, pushImage } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { commandSet } from '../src/commands/index.ts';
import type { Field } from '../src/output/field.ts';
import { type Operator, startOperator } from './_util/operator.ts';

let operator: Operator;

beforeAll(async () => {
  operator = await startOperator();
  await operator.login();
  const client = operator.registry.client();
  const image = await buildImage({ layers: [{ size: 1_000 }] });
  const long = `${'release-candidate-'.repeat(4)}1`;
  for (const [repository, tag] of [
    ['team/app', '1.0'],
    ['team/app', long],
    ['a/repository/with/a/long/name/that/needs/room', '1.0'],
  ] as const) {
    await pushImage(client, repository, tag, image);
  }
  const other = await buildImage({ layers: [{ size: 2_000 }], platform: { os: 'linux', architecture: 'arm64' } });
  await pushImage(client, 'team/app', 'multi', buildIndex([image, other]));
  await client.getManifest('team/app', '1.0');
  // The pull is recorded a moment later; until then two listings may differ.
  await vi.waitFor(
    async () => {
      const { stdout } = await operator.run('tag list team/app --json name,last_pulled_at');
      expect(stdout).toMatch(/"1\.0","last_pulled_at":"2/);
    },
    { timeout: 20_000, interval: 200 },
  );
  await operator.run('account create ann --role web', { input: 'the password of ann' });
  await operator.run('policy create --effect deny --priority 7 --subject ann --not-subject admin');
  await operator.run('token create laptop --expires 30d');
  await operator.run('gc --wait');
  await operator.run('snapshot');
});
afterAll(() => operator[Symbol.asyncDispose]());

/** What a user sees in a terminal of this width. */
async function screen(line: string, columns: number): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await operator.run(line, { terminal: true, columns });
  // On a busy machine a request may take so long that it shows its progress.
  const messages = stderr.split('\r\u001B[K');
  expect([exitCode, messages[0], messages.at(-1)], line).toEqual([0, '', '']);
  return stdout.trimEnd().split('\n');
}

const isList = (name: string): boolean => / (?:list|tail|match) ?|^(?:search|audit)/.test(name);
const lists = commandSet.commands.filter(({ name }) => isList(`${name} `));
const withServer = [
  'repo list',
  'tag list team/app',
  'manifest list team/app',
  'account list',
  'policy list',
  'policy match team/*',
  'audit list --type manifest_pushed',
  'gc list',
  'snapshot list',
  'token list',
  'search team',
] as const;

describe('every list', () => {
  test.each(lists.map(({ name, fields = [], options }) => ({ name, fields, options })))(
    '$name has columns, a limit, and names for -o name',
    ({ fields, options }) => {
      expect(fields.filter(({ column }) => column !== undefined)).not.toEqual([]);
      expect(options).toHaveProperty('limit');
      expect(fields.filter((field) => (field as Field<never>).reference !== undefined)).toHaveLength(1);
    },
  );

  test.each(withServer)('mcrctl %s fits 80 columns, and is the same in YAML and JSON', async (line) => {
    const rows = await screen(line, 80);
    expect(rows[0]).toMatch(/^[A-Z]/);
    expect(Math.max(...rows.map((it) => it.length))).toBeLessThanOrEqual(80);
    const { stdout } = await operator.run(`${line} --json`);
    const objects = stdout
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one) as unknown);
    expect(parse((await operator.run(`${line} -o yaml`)).stdout)).toEqual(objects);
  });

  test.each(withServer)('mcrctl %s -o name --limit 1 prints one name, or one of each kind', async (line) => {
    const { exitCode, stdout } = await operator.run(`${line} -o name --limit 1`);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(line.startsWith('search') ? /^(?:\S+\n)+$/ : /^\S+\n$/);
  });
});

describe('at 80 columns', () => {
  test('tag list shows platforms, size of the image, age and last pull', async () => {
    const [heading, ...rows] = await screen('tag list team/app', 80);
    expect(heading).toMatch(/^TAG +(?:DIGEST +)?PLATFORMS +SIZE +UPDATED +LAST PULL$/);
    expect(rows).toHaveLength(3);
    const age = '(?:just now|\\d+ minutes? ago)';
    for (const row of rows) expect(row).toMatch(new RegExp(`^\\S+ .* \\d(?:\\.\\d)? KiB +${age} +(?:${age}|-)$`));
    expect(rows.find((row) => row.startsWith('multi'))).toMatch(/ {2}amd64, arm64 {2}/);
    expect(rows.find((row) => row.startsWith('rel'))).toMatch(/^release-c\S*… {2}/);
  });

  test('audit list shows time, whole event and address', async () => {
    const [heading, ...rows] = await screen('audit list', 80);
    expect(heading).toMatch(/^TIME +EVENT +ACTOR +ADDRESS +REPOSITORY$/);
    for (const row of rows) expect(row).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}[a-z_]+ {2}/);
    expect(rows.filter((row) => row.includes(' 127.0.0.1 ')).length).toBeGreaterThan(3);
    expect((await screen('audit list', 200))[0]).toMatch(/^ID +TIME .* REPOSITORY +DIGEST +DETAILS$/);
  });

  test('token list shows when the token expires, when it was used and from where', async () => {
    expect(await screen('token list', 80)).toEqual([
      expect.stringMatching(/^NAME +ACCOUNT .*EXPIRES +LAST USED +FROM$/),
      expect.stringMatching(/^laptop +admin .*in \d+ days +never +-$/),
    ]);
  });

  test('manifest list shows what a manifest is', async () => {
    const rows = await screen('manifest list team/app', 80);
    expect(rows[0]).toMatch(/^DIGEST +(?:MEDIA TYPE +)?ARTIFACT TYPE +SUBJECT +SIZE +PUSHED$/);
    expect(rows.filter((row) => row.includes('  oci.image.config.v1  '))).toHaveLength(2);
  });
});

test('rules show names, and JSON the UUIDs as well', async () => {
  expect((await screen('policy list', 80))[1]).toMatch(/^1 +7 +deny +yes +ann except admin +any +any$/);
  const { stdout } = await operator.run('policy get 1 --json subject,subject_name,except_subject_names');
  expect(JSON.parse(stdout)).toEqual({
    subject: expect.stringMatching(/^[0-9a-f-]{36}$/),
    subject_name: 'ann',
    except_subject_names: ['admin'],
  });
});

test('-o wide shows every column, and truncates nothing', async () => {
  const rows = await screen('tag list team/app -o wide', 80);
  expect(rows[0]).toMatch(/^TAG .*IMAGE PULL +ATTACHED +ARTIFACT TYPE +MEDIA TYPE$/);
  expect(rows.join('\n')).not.toContain('…');
  expect((await screen('account list -o wide', 80))[0]).toMatch(/ ID +CREATED$/);
  expect((await screen('account list', 200))[0]).not.toContain('ID');
});

test('-o wide adds columns for a program, too', async () => {
  const narrow = (await operator.run('account list')).stdout.split('\n')[0]!.split('\t');
  const wide = (await operator.run('account list -o wide')).stdout.split('\n')[0]!.split('\t');
  expect(wide).toHaveLength(narrow.length + 1);
});

test('names are what other commands take', async () => {
  for (const name of (await operator.run('manifest list team/app -o name')).stdout.trimEnd().split('\n')) {
    expect(await operator.run(`manifest get ${name}`)).toMatchObject({ exitCode: 0 });
  }
  expect((await operator.run('account update ann --role shop -o name')).stdout).toBe('ann\n');
});

test('one item is a mapping in YAML, and an empty list a sequence', async () => {
  const { stdout } = await operator.run('repo get team/app -o yaml');
  expect(parse(stdout)).toMatchObject({ name: 'team/app', tag_count: 3, description: null });
  expect((await operator.run('repo list --search nothing -o yaml')).stdout).toBe('[]\n');
});

test('errors are JSON, which is YAML, beside YAML, and text beside names', async () => {
  const { stderr } = await operator.run('repo get no/such -o yaml');
  expect(parse(stderr)).toMatchObject({ error: { exit_code: 3 } });
  expect((await operator.run('repo get no/such -o name')).stderr).toMatch(/^error: /);
});

test('-o and --json exclude each other', async () => {
  const { exitCode, stderr } = await operator.run('repo list -o yaml --json name');
  const { error } = JSON.parse(stderr) as { error: object };
  expect({ exitCode, ...error }).toMatchObject({ exitCode: 2, message: '--json and --output exclude each other' });
});

test.each([
  ['repo list -o xml', 'invalid value "xml" for --output', 'use one of json, name, wide, yaml'],
  ['completion bash -o yaml', 'completion <shell> has no yaml output', 'omit --output'],
  ['status -o name', 'status prints nothing that has a name', 'omit --output name'],
  ['token create other -o name', 'token create <name> prints nothing that has a name', 'omit --output name'],
])('%s is invalid usage', async (line, message, hint) => {
  expect(await operator.run(line)).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `error: ${message}\nhint: ${hint}\n`,
  });
});

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { buildImage, pushImage } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from './_util/connections.ts';
import { type Operator, startOperator } from './_util/operator.ts';
import { rpcMethods } from './_util/rpc-server.ts';
import { runMcrctl, words } from './_util/run-mcrctl.ts';

const person = { terminal: true, columns: 100 } as const;

describe('tag delete --match', () => {
  let operator: Operator;

  beforeAll(async () => {
    operator = await startOperator();
    await operator.login();
    const client = operator.registry.client();
    const [released, ...others] = await Promise.all(
      [1, 2, 3].map((size) => buildImage({ layers: [{ size: size * 1_000 }] })),
    );
    for (const tag of ['1.0', 'pr-1']) await pushImage(client, 'team/app', tag, released!);
    for (const [index, image] of others.entries()) await pushImage(client, 'team/app', `pr-${index + 2}`, image);
  });
  afterAll(() => operator[Symbol.asyncDispose]());

  const tagsLeft = async (): Promise<string> => (await operator.run('tag list team/app -o name')).stdout;
  const all = 'team/app:1.0\nteam/app:pr-1\nteam/app:pr-2\nteam/app:pr-3\n';

  test('with --dry-run shows what it would delete, and deletes nothing', async () => {
    const { exitCode, stdout, stderr } = await operator.run("tag delete team/app --match 'pr-[12]' --dry-run", person);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^TAG +DIGEST +UPDATED +ALSO TAGGED\npr-1 +[0-9a-f]{12} .* 1\.0\npr-2 +[0-9a-f]{12} .* -\n$/,
    );
    expect(stderr).toMatch(
      /2 of 4 tags of team\/app match\nWould delete: 2 tags and 1 manifest; garbage collection can free/,
    );
    expect(await tagsLeft()).toBe(all);
  });

  test.each([
    ['another number is typed', ['3'], 130, 'cancelled'],
    ['Ctrl-C is pressed', [], 130, 'cancelled'],
  ])('deletes nothing if %s', async (_case, replies, exitCode, message) => {
    const outcome = await operator.run("tag delete team/app --match 'pr-[12]'", { ...person, replies });
    expect(outcome).toMatchObject({ exitCode, stderr: expect.stringContaining(message) });
    expect(await tagsLeft()).toBe(all);
  });

  test('deletes nothing without a terminal and without --yes', async () => {
    const outcome = await operator.run("tag delete team/app --match 'pr-*'");
    expect(outcome).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('hint: add --yes') });
    expect(await tagsLeft()).toBe(all);
  });

  test('selects what tag list shows with the same options, which the registry filters', async () => {
    const list = async (options: string, clock = { now: () => Date.now() }) =>
      (await operator.run(`tag list team/app -o name ${options}`, { clock })).stdout;
    expect(await list("--match 'pr-*' --platform linux/amd64 --signed no")).toBe(all.replace('team/app:1.0\n', ''));
    expect(await list("--match '?.0'")).toBe('team/app:1.0\n');
    for (const none of ['--older-than 2h', '--signed yes', '--platform linux/s390x']) expect(await list(none)).toBe('');
    expect(await list('--older-than 2h', { now: () => Date.now() + 3 * 3_600_000 })).toBe(all);
  });

  test('finds nothing younger than --older-than, and the rest with it', async () => {
    const line = 'tag delete team/app --older-than 2h --dry-run --json name';
    expect((await operator.run(line)).stdout).toBe('');
    const later = { now: () => Date.now() + 3 * 3_600_000 };
    expect((await operator.run(line, { clock: later })).stdout.split('\n')).toHaveLength(5);
    const some = await operator.run("tag delete team/app --older-than 2h --match '1*' --dry-run -o name", {
      clock: later,
    });
    expect(some.stdout).toBe('team/app:1.0\n');
  });

  test('deletes what was confirmed by its number, with the manifests that nothing else refers to', async () => {
    const { exitCode, stderr } = await operator.run("tag delete team/app --match 'pr-[12]'", {
      ...person,
      replies: ['2'],
    });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/Type 2 to continue: 2\n[^]*Deleted 2 tags and 1 manifest; garbage collection can free/);
    expect(await tagsLeft()).toBe('team/app:1.0\nteam/app:pr-3\n');
  });

  test('keeps manifests with --keep-manifests, and prints what it deleted as JSON', async () => {
    const before = (await operator.run('manifest list team/app -o name')).stdout;
    const deleted = await operator.run(
      "tag delete team/app --match 'pr-*' --keep-manifests --yes --json name,other_tags",
    );
    expect(deleted).toMatchObject({ exitCode: 0, stdout: '{"name":"pr-3","other_tags":[]}\n' });
    expect((await operator.run('manifest list team/app -o name')).stdout).toBe(before);
  });

  test('that matches nothing is not an error', async () => {
    const outcome = await operator.run("tag delete team/app --match 'pr-*' --yes");
    expect(outcome).toEqual({ exitCode: 0, stdout: '', stderr: '0 of 1 tag of team/app match\n' });
  });

  test.each([
    ["tag delete team/app --match 'pr-['", 'invalid value "pr-[" for --match'],
    ['tag delete team/app --older-than soon', 'invalid value "soon" for --older-than'],
    ["tag delete team/app:1.0 --match 'pr-*'", 'invalid repository name "team/app:1.0"'],
    ['tag delete team/app:1.0 --dry-run', '--dry-run and --keep-manifests are for --match and --older-than'],
  ])('%s is invalid usage', async (line, message) => {
    expect(await operator.run(line)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
    expect(await tagsLeft()).toBe('team/app:1.0\n');
  });
});

describe('a deletion by plan', () => {
  /** A server with these tags, that rejects a plan of them as it is told. */
  async function deletion(count: number, reject?: ConnectError) {
    const deleted: string[][] = [];
    const updatedAt = timestampFromMs(0);
    const tags = Array.from({ length: count }, (_, index) => ({
      name: `t${index}`,
      digest: `sha256:${'a'.repeat(64)}`,
      updatedAt,
    }));
    await using authority = await createAuthority();
    await using server = await authority.serveHttp2(
      rpcMethods(({ rpc }) => {
        rpc(RegistryService.method.listTags, () => ({ tags }));
        rpc(RegistryService.method.planTagDeletion, (request) => ({
          plan: {
            id: request.tags[0]!,
            tags: request.tags.map((name) => ({ name, digest: tags[0]!.digest })),
            freedBytes: 1n,
          },
        }));
        rpc(RegistryService.method.deleteTags, (request) => {
          if (reject !== undefined) throw reject;
          expect(request.planId).toBe(request.tags[0]);
          deleted.push(request.tags);
          return {};
        });
      }),
    );
    const line = 'tag delete a --older-than 1d --yes -o name --server localhost:1 --timeout 1m --token t';
    const outcome = await runMcrctl([...words(line), '--grpc', server.url, '--ca-cert', authority.caFile]);
    return { ...outcome, deleted: deleted.map(({ length }) => length) };
  }

  test('is of at most 1000 tags, and of all of them in the end', async () => {
    const { exitCode, stdout, deleted } = await deletion(2_001);
    expect({ exitCode, deleted }).toEqual({ exitCode: 0, deleted: [1_000, 1_000, 1] });
    expect(stdout.split('\n')).toHaveLength(2_002);
  });

  test('that is out of date deletes nothing, and says so', async () => {
    const { exitCode, stdout, stderr } = await deletion(
      2,
      new ConnectError('The plan is out of date', Code.AlreadyExists),
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(
      /error: cannot delete 2 tags of a: the plan is out of date\nhint: nothing was deleted; run the command again/i,
    );
  });
});

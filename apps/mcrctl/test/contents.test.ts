import { createHash } from 'node:crypto';
import { parseDigest } from '@mcr/core';
import { buildImage, buildIndex, pushImage, type TestImage, type TestManifest } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';

let operator: Operator;
let image: TestImage;

const person = { terminal: true } as const;

beforeAll(async () => {
  operator = await startOperator();
  await operator.login();
  const client = operator.registry.client();
  image = await buildImage({ layers: [{ size: 1_000 }] });
  await pushImage(client, 'team/app', '1.0', image);
  await pushImage(client, 'other/tool', '1.0', image);
});
afterAll(() => operator[Symbol.asyncDispose]());

async function push(reference: string, content: { readonly mediaType: string }): Promise<TestManifest> {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, ...content }));
  const digest = parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
  const manifest = { mediaType: content.mediaType, digest, size: bytes.length, bytes };
  const { status } = await operator.registry.client().pushManifest('team/app', reference, manifest);
  expect(status).toBe(201);
  return manifest;
}

test('repo list --search finds a part of a name', async () => {
  expect((await operator.run('repo list --search am/a --json name')).stdout).toBe('{"name":"team/app"}\n');
  expect((await operator.run('repo list --search 1.0 --json name')).stdout).toBe('');
});

describe('a description of a repository', () => {
  test('is set, shown and removed', async () => {
    const given = await operator.run("repo update team/app --description 'The shop, and its workers'");
    expect(given).toEqual({ exitCode: 0, stdout: '', stderr: 'Described the repository team/app\n' });
    expect((await operator.run('repo get team/app', person)).stdout).toContain('The shop, and its workers');
    expect((await operator.run('repo list --json name,description')).stdout).toBe(
      '{"name":"other/tool","description":null}\n{"name":"team/app","description":"The shop, and its workers"}\n',
    );
    const taken = await operator.run("repo update team/app --description '' --json description");
    expect(taken).toMatchObject({ exitCode: 0, stdout: '{"description":null}\n' });
  });

  test('is required, is one line, and is of an existing repository', async () => {
    expect(await operator.run('repo update team/app')).toMatchObject({ exitCode: 2 });
    const lines = await operator.run("repo update team/app --description 'a\nb'");
    expect(lines).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('must be one line') });
    const missing = await operator.run('repo update no/such --description x');
    expect(missing).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('mcrctl repo list') });
  });
});

describe('a manifest', () => {
  const { stringify } = JSON;

  test('is listed with its properties', async () => {
    const { stdout } = await operator.run('manifest list other/tool --json digest,media_type,size,subject');
    const { digest, mediaType, size } = image.manifest;
    expect(stdout).toBe(`${stringify({ digest, media_type: mediaType, size, subject: null })}\n`);
    expect((await operator.run('manifest list other/tool', person)).stdout).toMatch(/^DIGEST +MEDIA TYPE +ARTIFACT/);
  });

  test('is shown byte by byte with --raw', async () => {
    const { stdout, stderr } = await operator.run('manifest get team/app:1.0 --raw');
    expect({ stdout, stderr }).toEqual({ stdout: new TextDecoder().decode(image.manifest.bytes), stderr: '' });
  });

  test('is shown to a program with a tab between fields, and its parts in bytes', async () => {
    const index = buildIndex([image]);
    await pushImage(operator.registry.client(), 'team/app', 'index', index);
    const { digest, size } = image.manifest;
    const parts = (stdout: string) =>
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split('\t'));
    const shown = parts((await operator.run('manifest get team/app:index')).stdout);
    expect(shown.at(-1)).toEqual(['linux/amd64', digest, String(size)]);
    const [config, layer] = parts((await operator.run('manifest get team/app:1.0')).stdout).slice(-2);
    expect(config).toEqual(['config', image.config.digest, String(image.config.size)]);
    expect(layer).toEqual(['layer 1', image.layers[0]?.digest, String(image.layers[0]?.size)]);
  });

  test('is shown with its content with --json', async () => {
    const { stdout } = await operator.run(`manifest get team/app@${image.manifest.digest} --json digest,content`);
    const content: unknown = JSON.parse(new TextDecoder().decode(image.manifest.bytes));
    expect(JSON.parse(stdout)).toEqual({ digest: image.manifest.digest, content });
  });

  test('with empty lists is shown', async () => {
    const config = { mediaType: image.config.mediaType, digest: image.config.digest, size: image.config.size };
    await push('no-layers', { mediaType: image.manifest.mediaType, config, layers: null } as { mediaType: string });
    await push('no-manifests', { mediaType: 'application/vnd.oci.image.index.v1+json', manifests: null } as {
      mediaType: string;
    });
    const { stdout, exitCode } = await operator.run('manifest get team/app:no-layers');
    expect({ exitCode, last: stdout.split('\n').at(-2) }).toEqual({
      exitCode: 0,
      last: `config\t${config.digest}\t${config.size}`,
    });
    expect(await operator.run('manifest get team/app:no-manifests')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('cannot send control characters to the terminal in the name of a platform', async () => {
    const platform = { os: 'linux\u001B[2J', architecture: 'arm64\nlayer 9\tsha256:forged', variant: '\u202Ev8' };
    const index = buildIndex([{ ...image, platform }]);
    await pushImage(operator.registry.client(), 'team/app', 'hostile', index);
    const name = 'linux\uFFFD[2J/arm64\uFFFDlayer 9\uFFFDsha256:forged/\uFFFDv8';
    const { digest, size } = image.manifest;
    const atTerminal = (await operator.run('manifest get team/app:hostile', person)).stdout.split('\n');
    expect(atTerminal.at(-2)).toBe(`${name}  ${digest}  ${size} B`);
    const inPipe = (await operator.run('manifest get team/app:hostile')).stdout.split('\n');
    expect(inPipe.at(-2)).toBe(`${name}\t${digest}\t${size}`);
  });
});

describe('manifest delete', () => {
  const run = (reference: string, options = {}) => operator.run(`manifest delete ${reference}`, options);

  test('deletes a manifest with its tags, once its digest is typed', async () => {
    const doomed = await buildImage({ layers: [{ size: 2_000 }] });
    for (const tag of ['a', 'b']) await pushImage(operator.registry.client(), 'team/doomed', tag, doomed);
    const { digest } = doomed.manifest;
    const reference = `team/doomed@${digest}`;
    const cancelled = await run(reference, { ...person, replies: ['team/doomed'] });
    expect(cancelled).toMatchObject({ exitCode: 130, stderr: expect.stringContaining(`with 2 tags: a, b`) });

    const { exitCode, stdout } = await run(`${reference} --json`, { ...person, replies: [digest] });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ repository: 'team/doomed', digest, tags: ['a', 'b'] });
    expect((await operator.run('tag list team/doomed --json name')).stdout).toBe('');
    expect(await run(`${reference} --yes`)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('mcrctl manifest list team/doomed shows its manifests'),
    });
  });

  test('says which indexes and referrers still refer to it', async () => {
    const child = await buildImage({ layers: [{ size: 3_000 }] });
    const client = operator.registry.client();
    await pushImage(client, 'team/app', child.manifest.digest, child);
    expect((await client.pushManifest('team/app', 'multi', buildIndex([child]).manifest)).status).toBe(201);
    const { stderr } = await run(`team/app@${child.manifest.digest} --yes`);
    expect(stderr).toContain('; 1 index will list a missing manifest');
  });

  test('rejects a tag', async () => {
    const { exitCode, stderr } = await run('team/app:1.0 --yes');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('mcrctl tag delete') });
  });
});

describe('a short digest', () => {
  const short = () => image.manifest.digest.slice('sha256:'.length, 'sha256:'.length + 12);

  test.each(['', 'sha256:'])('of a table names a manifest: team/app@%s…', async (algorithm) => {
    const { exitCode, stdout } = await operator.run(`manifest get other/tool@${algorithm}${short()} --json digest`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `{"digest":"${image.manifest.digest}"}\n` });
  });

  test('is only of that repository', async () => {
    const [, blob] = /layer 1\tsha256:(\w{12})/.exec((await operator.run('manifest get other/tool:1.0')).stdout) ?? [];
    for (const reference of [`other/tool@${blob}`, `no/such@${short()}`]) {
      expect(await operator.run(`manifest get ${reference}`)).toMatchObject({ exitCode: 3 });
    }
  });

  test('is typed to confirm the deletion of what it names', async () => {
    const other = await buildImage({ layers: [{ size: 3_000 }] });
    await pushImage(operator.registry.client(), 'other/tool', 'short', other);
    const digits = other.manifest.digest.slice('sha256:'.length, 'sha256:'.length + 12);
    const line = `manifest delete other/tool@${digits.slice(0, 8)}`;
    const { exitCode, stderr } = await operator.run(line, { ...person, replies: [digits] });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`Deleted the manifest other/tool@${other.manifest.digest} with 1 tag: short\n`);
  });

  test.each([
    ['abcde', 'error: "abcde" is too short for a digest'],
    ['sha256:0123', 'error: "0123" is too short for a digest'],
    ['sha256:', 'error: invalid reference "team/app@sha256:"'],
  ])('of %s is invalid usage', async (digest, message) => {
    const outcome = await operator.run(`manifest get team/app@${digest}`);
    expect(outcome).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ListTagsRequest, RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { buildImage, pushImage, run } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from './_util/connections.ts';
import { type Operator, startOperator } from './_util/operator.ts';
import { rpcMethods } from './_util/rpc-server.ts';
import { runMcrctl } from './_util/run-mcrctl.ts';

let operator: Operator;
let env: Record<string, string>;

/** What npm run build makes; a shell starts it for every key. */
const bundle = new URL('../dist/mcrctl.mjs', import.meta.url);
/** The command line as a shell finds it: a program in PATH. */
const program = `#!/bin/sh
exec '${process.execPath}' '${fileURLToPath(bundle)}' "$@"
`;

beforeAll(async () => {
  if (!existsSync(bundle)) throw new Error(`Build mcrctl first: there is no ${bundle.pathname}`);
  operator = await startOperator();
  await operator.login();
  const client = operator.registry.client();
  const image = await buildImage({ layers: [{ size: 10 }] });
  for (const name of ['team/api', 'team/app']) await pushImage(client, name, '1.0', image);
  await pushImage(client, 'team/app', 'latest', image);
  const directory = join(operator.registry.directory, 'bin');
  await mkdir(directory);
  await writeFile(join(directory, 'mcrctl'), program);
  await chmod(join(directory, 'mcrctl'), 0o755);
  env = { ...operator.env, PATH: `${directory}:${process.env['PATH']}` };
});
afterAll(() => operator[Symbol.asyncDispose]());

/** In CI a missing shell is a failure. */
function isInstalled(shell: string): boolean {
  if (spawnSync(shell, ['--version']).status === 0) return true;
  if (process.env['CI'] === 'true') throw new Error(`Install ${shell} to test completion`);
  return false;
}

/** What may stand in a shell at the end of each line; every shell replaces the whole word. */
const cases = [
  ['mcrctl re', ['repo']],
  ['mcrctl repo g', ['get']],
  ['mcrctl gc --re', ['--reconcile']],
  ['mcrctl repo get te', ['team/api', 'team/app']],
  ['mcrctl tag list team/ap', ['team/api', 'team/app']],
  ['mcrctl manifest get team/app:', ['team/app:1.0', 'team/app:latest']],
  ['mcrctl tag delete team/app:l', ['team/app:latest']],
  ['mcrctl account disable a', ['admin']],
  ['mcrctl policy create --effect=d', ['--effect=deny']],
  ['mcrctl tag list team/app --json name,d', ['name,digest']],
] as const;

test('names beyond the first page of the server are completed', async () => {
  const names = Array.from({ length: 215 }, (_, index) => String(index).padStart(3, '0'));
  await using authority = await createAuthority();
  const listTags = ({ search = '', pageSize, pageToken }: ListTagsRequest) => {
    const after = names.filter((name) => name.includes(search) && name > pageToken);
    const tags = after.slice(0, pageSize).map((name) => ({ name }));
    return { tags, nextPageToken: after.length > tags.length ? tags.at(-1)!.name : '' };
  };
  await using server = await authority.serveHttp2(
    rpcMethods(({ rpc }) => rpc(RegistryService.method.listTags, listTags)),
  );
  const complete = async (reference: string): Promise<string[]> => {
    const line = `mcrctl --server ${server.url} --grpc ${server.url} --ca-cert ${authority.caFile} --token t manifest get ${reference}`;
    const { stdout } = await runMcrctl(['__complete', line]);
    return stdout.split('\n').flatMap((text) => text.split('\t').slice(0, 1).filter(Boolean));
  };
  expect(await complete('many:21')).toEqual(['many:210', 'many:211', 'many:212', 'many:213', 'many:214']);
  expect(await complete('many:214')).toEqual(['many:214']);
  expect(await complete('many:')).toHaveLength(200);
});

describe('bash', () => {
  /** Calls the function as readline does, which breaks words at `:` and `=`, and puts the results back together. */
  const script = (line: string): string => `
    source <(mcrctl completion bash)
    COMP_LINE=${quote(line)} COMP_POINT=${line.length}
    COMP_WORDS=(mcrctl) COMP_CWORD=1
    function_name=$(complete -p mcrctl | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
    $function_name
    printf '%s\\n' "\${COMPREPLY[@]}"`;

  test.each(cases)('completes %s', async (line, candidates) => {
    const { stdout, stderr } = await run('bash', ['--norc', '-c', script(line)], { env });
    const before = /^.*[:=]/.exec(line.split(' ').at(-1) ?? '')?.[0] ?? '';
    expect(stderr).toBe('');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((word) => before + word),
    ).toEqual(candidates);
  });

  test.skipIf(!isInstalled('script'))('completes what is typed at a prompt', { timeout: 90_000 }, async () => {
    const typed = [
      'source <(mcrctl completion bash)',
      'mcrctl ma\tg\tteam/app:la\t--js\tmedia\t',
      'mcrctl repo get team/a\ti --json name',
      'exit',
    ];
    const { stdout } = await run('script', ['-qec', 'bash --norc -i', '/dev/null'], {
      env: { ...env, TERM: 'dumb' },
      input: `${typed.join('\n')}\n`,
      timeout: 80_000,
    });
    expect(stdout).toMatch('{"media_type":"application/vnd.oci.image.manifest.v1+json"}');
    expect(stdout).toMatch('{"name":"team/api"}');
  });

  test('offers nothing, and prints nothing, if the server cannot be reached', async () => {
    const offline = { ...env, MCR_SERVER: 'https://127.0.0.1:1' };
    const { stdout, stderr } = await run('bash', ['--norc', '-c', script('mcrctl repo get te')], { env: offline });
    expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: '', stderr: '' });
  });
});

describe.skipIf(!isInstalled('zsh'))('zsh', () => {
  test.each(cases)('completes %s', async (line, candidates) => {
    const before = line.slice(0, line.lastIndexOf(' ') + 1);
    const prefix = line.slice(before.length);
    // compadd is where zsh takes candidates; it is called with options, then -a and the name of an array.
    const script = `
      compdef() { :; }
      compadd() { local name=\${@[-1]}; printf '%s\\n' "\${(@P)name}"; }
      source <(mcrctl completion zsh)
      words=(${before.trim()} ${quote(prefix)}) CURRENT=${before.trim().split(' ').length + 1} PREFIX=${quote(prefix)}
      _mcrctl`;
    const { stdout, stderr } = await run('zsh', ['-f', '-c', script], { env });
    expect({ words: stdout.trim().split('\n').filter(Boolean), stderr }).toEqual({ words: candidates, stderr: '' });
  });
});

describe.skipIf(!isInstalled('fish'))('fish', () => {
  test.each(cases)('completes %s', async (line, candidates) => {
    const script = `mcrctl completion fish | source; complete --do-complete ${quote(line)}`;
    const { stdout, stderr } = await run('fish', ['--no-config', '-c', script], { env });
    const words = stdout
      .trim()
      .split('\n')
      .map((text) => text.split('\t')[0]);
    expect({ words, stderr }).toEqual({ words: candidates, stderr: '' });
  });
});

function quote(text: string): string {
  return `'${text}'`;
}

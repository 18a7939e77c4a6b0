import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { run, runOk, tempDirectory } from '@mcr/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const server = ['--server', 'https://127.0.0.1:1', '--grpc', 'https://127.0.0.1:1', '--token', 't'];

function start(argv: readonly string[]) {
  const child = spawn(process.execPath, [main, ...argv], { env: { XDG_CONFIG_HOME: '/nonexistent' }, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  // Nothing reads on when the process has ended.
  child.stdin.on('error', () => {});
  return { child, exited: once(child, 'exit') };
}

async function mustBeCancelled({ child, exited }: ReturnType<typeof start>): Promise<void> {
  const stderr = text(child.stderr);
  child.kill('SIGINT');
  expect({ exited: await exited, stderr: await stderr }).toEqual({ exited: [130, null], stderr: 'cancelled\n' });
}

describe('Ctrl-C exits with 130', () => {
  test.each(['login --username admin', 'policy create --file -', 'policy update 1 --file -', 'account create bob'])(
    '%s, which reads a pipe that stays open',
    async (line) => {
      const started = start([...line.split(' '), ...server]);
      // More than a pipe holds: once it is written, there is a reader.
      await new Promise((written) => started.child.stdin.write(Buffer.alloc(4 * 1024 * 1024, ' '), written));
      await mustBeCancelled(started);
    },
  );

  test('policy create, which reads a named pipe that stays open', async () => {
    await using directory = await tempDirectory();
    const pipe = join(directory.path, 'pipe');
    await runOk('mkfifo', [pipe]);
    const started = start(['policy', 'create', '--file', pipe, ...server]);
    const writer = await open(pipe, 'w');
    await mustBeCancelled(started);
    await writer.close();
  });
});

test('background work does not keep the process alive', async () => {
  const forever = 'data:text/javascript,setInterval(() => {}, 1e8)';
  const { code, stdout } = await run(process.execPath, ['--import', forever, main, 'config', ...server]);
  expect({ code, lines: stdout.split('\n').length }).toEqual({ code: 0, lines: 7 });
});

test('everything is written before the process exits', async () => {
  // The message names the value, and is longer than a pipe holds.
  const { child, exited } = start(['repo', 'list', '--limit', 'x'.repeat(120 * 1024), ...server]);
  const [stderr, ended] = await Promise.all([text(child.stderr), exited]);
  expect(ended).toEqual([2, null]);
  expect(stderr.slice(-100)).toMatch(/x" for --limit\nhint: use a whole number, 1 or more\n$/);
});

test('a usage error exits with 2 even if stderr is not read', async () => {
  const { child, exited } = start(['status', '--frob']);
  child.stderr.destroy();
  expect(await exited).toEqual([2, null]);
});

test('a full disk is one line and a failure', async () => {
  const { code, stderr } = await run('sh', ['-c', '"$1" "$2" --help > /dev/full', 'sh', process.execPath, main]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'error: cannot write to stdout: ENOSPC: no space left on device, write\n',
  });
  const unused = await run('sh', ['-c', '"$1" "$2" status > /dev/full', 'sh', process.execPath, main], {
    env: { XDG_CONFIG_HOME: '/nonexistent' },
  });
  expect(unused).toMatchObject({ code: 2, stderr: expect.not.stringContaining('stdout') });
});

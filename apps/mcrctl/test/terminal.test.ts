import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const hasScript = spawnSync('script', ['--version']).status === 0;

let operator: Operator;

beforeAll(async () => {
  operator = await startOperator();
  await operator.login();
});
afterAll(() => operator[Symbol.asyncDispose]());

/** Runs a command at a real terminal, and types each reply when its prompt is on the screen. */
async function atTerminal(line: string, replies: readonly (readonly [question: string, keys: string])[]) {
  const command = `'${process.execPath}' '${main}' ${line}`;
  const env = { ...operator.env, PATH: process.env['PATH'], TERM: 'dumb' };
  const child = spawn('script', ['-qec', command, '/dev/null'], { env, stdio: 'pipe' });
  let screen = '';
  const open = [...replies];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const [next] = open;
    if (next === undefined || !screen.includes(next[0])) return;
    open.shift();
    child.stdin.write(next[1]);
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, screen: screen.replaceAll('\r\n', '\n') };
}

describe.skipIf(!hasScript)('at a real terminal', () => {
  const password = 'canary password of bob';

  test('a password is prompted for and not shown', async () => {
    const { code, screen } = await atTerminal('account create bob', [
      ['New password of bob: ', `${password}\r`],
      ['Repeat it: ', `${password}\r`],
    ]);
    expect(screen).toMatch('Created the account bob');
    expect(screen).not.toMatch('canary');
    expect(code).toBe(0);
  });

  test('two different passwords change nothing', async () => {
    const { code, screen } = await atTerminal('account passwd bob', [
      ['New password of bob: ', `${password}\r`],
      ['Repeat it: ', 'another password\r'],
    ]);
    expect(screen).toMatch('the passwords do not match; nothing was changed');
    expect(code).toBe(1);
  });

  test('a deletion is confirmed by typing the name', async () => {
    const { code, screen } = await atTerminal('account delete bob', [['Type bob to continue: ', 'bob\r']]);
    expect(screen).toMatch('Deleted the account bob');
    expect(code).toBe(0);
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
    ['another name', 'admen\r'],
  ])('a deletion is cancelled by %s', async (_name, keys) => {
    const { code, screen } = await atTerminal('account delete admin', [['Type admin to continue: ', keys]]);
    expect(screen).toMatch('cancelled: the name was not typed, so nothing was changed');
    expect(code).toBe(130);
  });

  test('a table has a heading, and Ctrl-C stops the command', async () => {
    const { code, screen } = await atTerminal('audit tail --follow --limit 3', [['EVENT', '\u0003']]);
    expect(screen).toMatch(/^(?:ID +)?TIME +EVENT +ACTOR +ADDRESS/);
    expect(screen).toMatch(/cancelled\n$/);
    expect(code).toBe(130);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const module = join(import.meta.dirname, 'supervise.ts');
const untilTold = (exitCode: number): string =>
  `process.on('SIGTERM', () => { console.log('told'); process.exit(${exitCode}); }); setInterval(() => {}, 1e6); console.log('up');`;

/** Runs supervise in a process of its own, where signals may be sent to it. */
async function supervise(sources: string[], signals: NodeJS.Signals[] = []): Promise<{ code: number; output: string }> {
  const programs = sources.map((source, index) => ({ name: `program ${index}`, args: ['-e', source], env: {} }));
  const script = `import { supervise } from ${JSON.stringify(module)};
process.exitCode = await supervise(${JSON.stringify(programs)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: string): void => {
    output += chunk;
    if (output.split('up\n').length - 1 !== sources.length) return;
    for (const signal of signals.splice(0)) child.kill(signal);
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  const [code] = await once(child, 'close');
  return { code: Number(code), output };
}

test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP'])(
  '%s, even twice, reaches each program once',
  async (signal) => {
    const { code, output } = await supervise([untilTold(0), untilTold(0)], [signal, signal]);
    expect(output.match(/told/g)).toHaveLength(2);
    expect(code).toBe(0);
  },
);

test('a program that dies takes the others along, and its exit code is the result', async () => {
  const { code, output } = await supervise([untilTold(0), 'process.exit(7)']);
  expect(code).toBe(7);
  expect(output).toContain('program 1 ended with exit code 7');
});

test('a program that ends by itself is a failure even with exit code 0', async () => {
  expect((await supervise([untilTold(0), 'process.exit(0)'])).code).toBe(1);
});

test('a program that fails to end cleanly after a signal is a failure', async () => {
  expect((await supervise([untilTold(3), untilTold(0)], ['SIGTERM'])).code).toBe(3);
});

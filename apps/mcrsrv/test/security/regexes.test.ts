import { adminApi } from '@mcr/rpc/api';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { operations } from '../../src/admin/operations.ts';
import { RouteTable } from '../../src/admin/rest/match.ts';
import { regexesIn, sourceFiles, sourceOf } from './_regexes.ts';

// The checker in this process and this language; the others are programs of their own.
vi.stubEnv('RECHECK_BACKEND', 'pure');
const { checkSync } = await import('recheck');

/** How the time to match grows with the length of a text, in the worst case: found from the structure, not by a clock. */
function growthOf(source: string, flags: string): string {
  const found = checkSync(source, flags, { checker: 'automaton', timeout: null });
  return found.status === 'unknown' ? found.error.kind : found.complexity.type;
}

const fair = ['safe', 'linear'];
/** Code that reads what the operator or the registry itself wrote, and nothing from a client. */
const trusted = [
  'apps/mcrsrv/src/setup/hosts.ts',
  'packages/auth/src/argon2-phc.ts',
  'packages/auth/src/mcias-http.ts',
  'packages/config/src/addresses.ts',
  'packages/config/src/env.ts',
  'packages/config/src/urls.ts',
];

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('the checker of regular expressions', () => {
  test.each([
    ['(a+)+$', 'exponential'],
    ['^(?:a|a)*$', 'exponential'],
    ['^\\s*(.*)\\s*$', 'polynomial'],
    ['/+$', 'polynomial'],
    ['^[a-z]+(?:/[a-z]+)*$', 'linear'],
    ['^[a-z]{1,20}$', 'safe'],
  ])('calls %s %s', (source, growth) => {
    expect(growthOf(source, '')).toBe(growth);
  });
});

describe('a regular expression of the registry', () => {
  test('takes linear time for whatever a client sends', { timeout: 60_000 }, () => {
    const found = sourceFiles()
      .filter((file) => !trusted.includes(file))
      .flatMap(regexesIn);
    expect(found.length).toBeGreaterThan(40);
    const slow = found.filter(({ source, flags }) => !fair.includes(growthOf(source, flags)));
    expect(slow).toEqual([]);
  });

  test('that does not is only where nothing of a client is read', { timeout: 60_000 }, () => {
    const slow = trusted.filter((file) =>
      regexesIn(file).some(({ source, flags }) => !fair.includes(growthOf(source, flags))),
    );
    expect(slow, 'take out of the list what is fast').toEqual(trusted);
  });

  test('is built of text only where that text is ours, and then takes linear time, too', {
    timeout: 120_000,
  }, async () => {
    const builders = sourceFiles().filter((file) => /\bRegExp\(/.test(sourceOf(file)));
    expect(builders).toEqual([
      'apps/mcrsrv/src/admin/rest/match.ts',
      'packages/auth/src/password.ts',
      'packages/core/src/repository-name.ts',
      'packages/rpc/src/validate.ts',
    ]);
    const built: RegExp[] = [];
    const recorded = class extends RegExp {
      constructor(pattern: string | RegExp, flags?: string) {
        super(pattern, flags);
        built.push(this);
      }
    };
    vi.stubGlobal('RegExp', recorded);
    vi.resetModules();
    await import('@mcr/auth');
    expect(new RouteTable(operations)).toBeDefined();
    vi.unstubAllGlobals();
    // Those of the packages that ours use are among them.
    expect(built.length).toBeGreaterThanOrEqual(builders.length);
    const distinct = new Map(built.map((regex) => [String(regex), regex]));
    for (const { source, flags } of distinct.values()) expect(fair, source).toContain(growthOf(source, flags));
  });

  test('that is a rule in a proto takes linear time', () => {
    const rules = Object.values(adminApi.rules).flatMap((fields) => Object.values(fields));
    const patterns = new Set(rules.flatMap(({ string, list }) => [string?.pattern, list?.items?.string?.pattern]));
    patterns.delete(undefined);
    expect(patterns.size).toBeGreaterThan(2);
    for (const pattern of patterns) expect(fair, pattern).toContain(growthOf(pattern!, 'u'));
  });
});

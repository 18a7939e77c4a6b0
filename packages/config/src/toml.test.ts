import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from './errors.ts';
import { settingKeys } from './schema/keys.ts';
import { problemsOf } from './testing/problems-of.ts';
import { readToml } from './toml.ts';

function problemsIn(text: string): readonly unknown[] {
  return readToml(text, 'mcr.toml').problems;
}

describe('a key that does not exist', () => {
  test.each([
    ['[server]\nlisten_adr = 1', 'server.listen_adr', 'is not a known key; did you mean server.listen_addr?'],
    ['[server]\nlayers_path = "x"', 'server.layers_path', 'is not a known key; did you mean storage.layers_path?'],
    ['[policy]\nx = 1', 'policy.x', 'is not a known key; the keys here are default'],
    ['[log]\nformat = "json"', 'log.format', 'is not a known key; the keys here are level'],
    ['[log]\n__proto__ = 1', 'log.__proto__', 'is not a known key; the keys here are level'],
    ['[log]\n"a\\nb" = 1', 'log."a\\nb"', 'is not a known key; the keys here are level'],
    ['[log]\nlevel.x = 1\n[log.sub]', 'log.sub', 'is not a known key; the keys here are level'],
    ['tls_cert = "x"', 'tls_cert', 'is not in a section; did you mean server.tls_cert?'],
    ['x = 1', 'x', 'is not in a section; put it below a [section] line'],
  ])('%j is rejected', (text, key, message) => {
    expect(problemsIn(text)).toEqual([{ key, message }]);
  });

  test.each(settingKeys)('$key with a letter missing suggests $name', ({ section, key, name }) => {
    expect(problemsIn(`[${section}]\n${key.slice(0, -1)} = 1`)).toEqual([
      { key: name.slice(0, -1), message: `is not a known key; did you mean ${name}?` },
    ]);
  });
});

describe('a section that does not exist', () => {
  test.each([
    ['[sever]', '[sever]', 'is not a known section; did you mean [server]?'],
    ['[Server]', '[Server]', 'is not a known section; did you mean [server]?'],
    ['[[webs]]', '[webs]', 'is not a known section; did you mean [web]?'],
    [
      '[__proto__]\na = 1',
      '[__proto__]',
      'is not a known section; the sections are server, database, storage, s3, auth, mcias, tokens, policy, gc, audit, snapshots, limits, web, log, workload, oidc',
    ],
  ])('%j is rejected', (text, key, message) => {
    expect(problemsIn(text)).toEqual([{ key, message }]);
  });

  test.each(['server = 1', '[[server]]', 'server = []', 'server = 1979-05-27'])('%j is not a section', (text) => {
    expect(problemsIn(text)).toEqual([
      { key: 'server', message: 'must be a section; write [server] on a line of its own, once' },
    ]);
  });
});

describe('text that is not TOML', () => {
  test.each([
    ['an open bracket', '[server', 1],
    ['an open string', '[server]\nlisten_addr = ":8443', 2],
    ['a key given twice', '[log]\nlevel = "info"\nlevel = "warn"', 3],
    ['a section given twice', '[log]\n[log]', 2],
    ['a number too large', 'a = 99999999999999999999', 1],
    ['deep nesting', `a = ${'['.repeat(5_000)}`, 1],
  ])('with %s is rejected with its position', (_, text, line) => {
    const [problem = '', ...others] = problemsOf(() => readToml(text, 'conf/mcr.toml'));
    expect(problem).toContain(`conf/mcr.toml: is not valid TOML: line ${line}, column `);
    expect(problem).not.toContain('\n');
    expect(others).toEqual([]);
  });
});

test('a key of many thousand dots is rejected like any unknown one', () => {
  expect(problemsIn(`${'a.'.repeat(50_000)}b = 1`)).toHaveLength(1);
});

test('a byte order mark and Windows line ends are accepted', () => {
  const { values, problems } = readToml('\uFEFF[log]\r\nlevel = "warn"\r\n', 'mcr.toml');
  expect([...values]).toEqual([['log.level', 'warn']]);
  expect(problems).toEqual([]);
});

test('any text is read or rejected with a ConfigError', () => {
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .tuple(fc.constantFrom(...settingKeys.map(({ key }) => key), '__proto__', 'x'), fc.json())
      .map(([key, value]) => `${key} = ${value}`),
    fc.constantFrom('[server]', '[gc]', '[[log]]', '[a.b]', '[__proto__]', 'web = { x = 1 }', 'log.level = 1'),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      try {
        readToml(lines.join('\n'), 'mcr.toml');
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
    }),
    { numRuns: 200 },
  );
});

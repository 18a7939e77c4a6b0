import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../src/load-config.ts';
import { readSources } from '../src/read-sources.ts';
import { readValues } from '../src/read-values.ts';
import { sectionNames, settingKeys } from '../src/schema/keys.ts';
import { problemsOf } from '../src/testing/problems-of.ts';
import { tempConfig } from '../src/testing/temp-config.ts';

const text = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
const rows = [...text.matchAll(/^\| `(\w+\.\w+)` \| (.+?) \| .+ \|$/gm)].map(([, name = '', byDefault = '']) => ({
  name,
  byDefault,
}));

const writtenDefault = /^`(.*)`$/;

function configWith(env: Record<string, string>) {
  return readValues(readSources({ text: '', env }), sectionNames).config;
}

describe('docs/configuration.md', () => {
  test('has a row for each key, in order', () => {
    expect(rows.map(({ name }) => name)).toEqual(settingKeys.map(({ name }) => name));
  });

  test('lists which keys are required', () => {
    const missing = problemsOf(() => loadConfig({ text: '', env: {} })).map((problem) => problem.split(':', 1)[0]);
    const required = rows.filter(({ byDefault }) => byDefault === 'required').map(({ name }) => name);
    expect(new Set(required)).toEqual(new Set(missing));
  });

  test.each(rows)('lists the default of $name', ({ name, byDefault }) => {
    const variable = settingKeys.find((setting) => setting.name === name)?.variable ?? '';
    // A key without a written default has none: it is absent, or an empty list.
    const override = writtenDefault.exec(byDefault)?.[1] ?? '';
    expect(configWith({ [variable]: override })).toEqual(configWith({}));
    if (override === '') expect(hasValue(name)).toBe(false);
  });
});

describe('docs/policy.md and docs/sign-in.md', () => {
  const pages = ['policy.md', 'sign-in.md'].map((page) => new URL(`../../../docs/${page}`, import.meta.url));
  const recipes = pages.map((page) => readFileSync(page, 'utf8')).join('\n');
  const blocks = [...recipes.matchAll(/^```toml\n(.*?)^```$/gms)].map(([, block = '']) => block);

  test('have sections of workloads and providers', () => {
    const names = blocks.map((block) => block.split('.')[0]);
    expect(names.filter((name) => name === '[workload').length).toBeGreaterThanOrEqual(3);
    expect(names.filter((name) => name === '[oidc')).toHaveLength(2);
  });

  test.each(blocks)('a server starts with %s', (block) => {
    using files = tempConfig();
    for (const name of ['kubernetes-ca.crt', 'corp.secret', 'google.secret'])
      writeFileSync(join(files.directory, name), '', { mode: 0o600 });
    expect(problemsOf(() => loadConfig({ path: files.path, text: `${files.text}${block}`, env: {} }))).toEqual([]);
  });
});

function hasValue(name: string): boolean {
  const setting = settingKeys.find((candidate) => candidate.name === name);
  const value = setting?.schema.safeParse(undefined).data;
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from './load-config.ts';
import { problemsOf } from './testing/problems-of.ts';
import { tempConfig } from './testing/temp-config.ts';

const github = `
issuer = "https://token.actions.githubusercontent.com"
audience = "registry.example.com"
`;

function workloadsOf(text: string) {
  using files = tempConfig();
  return loadConfig({ path: files.path, text: files.text + text, env: {} }).workloads;
}

function problems(text: string): string[] {
  using files = tempConfig();
  return problemsOf(() => loadConfig({ path: files.path, text: files.text + text, env: {} }));
}

describe('[workload.NAME]', () => {
  test('is read with its nested claims, ids as text, and paths beside the file', () => {
    using files = tempConfig();
    const text = `${files.text}[workload.release]${github}roles = ["ci"]\nca_cert = "ca.crt"
      conditions = { repository_owner_id = 1234, ref = ["refs/heads/main", "refs/tags/*"], "kubernetes.io" = { namespace = "ci" } }`;
    expect(loadConfig({ path: files.path, text, env: {} }).workloads).toEqual([
      {
        name: 'release',
        issuer: 'https://token.actions.githubusercontent.com',
        audience: 'registry.example.com',
        conditions: [
          { claim: ['repository_owner_id'], anyOf: ['1234'] },
          { claim: ['ref'], anyOf: ['refs/heads/main', 'refs/tags/*'] },
          { claim: ['kubernetes.io', 'namespace'], anyOf: ['ci'] },
        ],
        roles: ['ci'],
        caCert: join(files.directory, 'ca.crt'),
      },
    ]);
  });

  test('keeps the order of the file, and the issuer as its tokens spell it', () => {
    const one = (name: string) =>
      `[workload.${name}]\nissuer = "https://login.example.com/"\naudience = "a"\nconditions = { sub = "x" }\n`;
    expect(workloadsOf(one('b') + one('a')).map(({ name, issuer }) => [name, issuer])).toEqual([
      ['b', 'https://login.example.com/'],
      ['a', 'https://login.example.com/'],
    ]);
  });

  test.each([
    ['sub = "repo:acme/app:ref:refs/heads/main"'],
    ['sub = "repo:acme/*:**"'],
    ['sub = "system:serviceaccount:ci:pusher"'],
    ['sub = "system:serviceaccount:**"'],
    ['repository = "acme/app"'],
    ['repository = "acme/*"'],
    ['repository_owner = "acme"'],
    ['repository_owner_id = "1234"'],
    ['repository_id = 99'],
    ['project_path = "group/**"'],
    ['"kubernetes.io" = { serviceaccount = { uid = "6e2b" } }'],
  ])('starts with the condition %s', (conditions) => {
    expect(problems(`[workload.ci]${github}conditions = { ${conditions} }`)).toEqual([]);
  });

  test.each([
    [''],
    ['ref = "refs/heads/main"'],
    ['repository = "*/*"'],
    ['repository = "**"'],
    ['repository = ["acme/app", "*/app"]'],
    ['sub = "repo:**"'],
    ['sub = "repo:*/*:ref:refs/heads/main"'],
    ['sub = "*:acme/app"'],
    ['sub = "*"'],
    ['repository_owner = "*"'],
    ['repository_owner_id = "*"'],
    ['nested = { repository = "acme/app" }'],
  ])('does not start with the conditions {%s}, which other owners could meet', (conditions) => {
    expect(problems(`[workload.ci]${github}conditions = { ${conditions} }`)).toEqual([
      expect.stringMatching(/^workload\.ci\.conditions: must name an owner, a repository or a subject/),
    ]);
  });

  test.each([
    ['repository = "acme/app-*"', /^workload\.ci\.conditions\.repository: "acme\/app-\*" is not a pattern/],
    ['repository = "**/app"', /conditions\.repository: .* is not a pattern/],
    ['repository = ""', /conditions\.repository: must be text/],
    ['repository = []', /conditions\.repository: must be text/],
    ['repository = 2026-01-01', /conditions\.repository: must be text/],
  ])('rejects {%s}', (conditions, message) => {
    expect(problems(`[workload.ci]${github}conditions = { ${conditions} }`)).toEqual([expect.stringMatching(message)]);
  });

  test.each([
    ['[workload]\nci = 1', 'workload.ci: must be a section; write [workload.ci] on a line of its own'],
    ['[workload.CI]\n', 'workload."CI": is not a name; use at most 64 of a-z 0-9 . _ -'],
    [`[workload.ci]${github}`, 'workload.ci.conditions: is required'],
    [
      `[workload.ci]${github}conditions = { sub = "x" }\nrole = ["a"]`,
      'workload.ci.role: is not a known key; did you mean roles?',
    ],
    [
      `[workload.ci]${github}conditions = { sub = "x" }\nroles = ["admin"]`,
      'workload.ci.roles: must not include "admin": jobs are not administrators; use an account or a token for that',
    ],
    [
      '[workload.ci]\nissuer = "http://issuer.example.com"\naudience = "a"\nconditions = { sub = "x" }',
      'workload.ci.issuer: "http://issuer.example.com" is not the https URL of an issuer; write for example "https://token.actions.githubusercontent.com"',
    ],
    [
      `[workload.ci]${github}conditions = { sub = "x" }\nca_cert = "none.crt"`,
      expect.stringMatching(/^workload\.ci\.ca_cert: cannot read .*no such file/),
    ],
  ])('names what is wrong in %j', (text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });

  test('is one of several, so it needs a name', () => {
    expect(problemsOf(() => loadConfig({ text: 'workload = 1', env: {} }))).toContain(
      'workload: must be sections with a name, such as [workload.example]',
    );
  });
});

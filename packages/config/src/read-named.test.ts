import { writeFileSync } from 'node:fs';
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

const corp = `[oidc.corp]
issuer = "https://login.example.com/realms/acme"
client_id = "mcr"
redirect_url = "https://ui.example.com/login/callback"
`;

describe('[oidc.NAME]', () => {
  test('is read with roles by claims, and defaults', () => {
    using files = tempConfig();
    const text = `${files.text}${corp}roles = { admin = { groups = "ops" } }\nrequire = { email_verified = true }`;
    expect(loadConfig({ path: files.path, text, env: {} }).oidc).toEqual([
      {
        name: 'corp',
        title: 'corp',
        issuer: 'https://login.example.com/realms/acme',
        clientId: 'mcr',
        redirectUrl: 'https://ui.example.com/login/callback',
        scopes: ['openid', 'profile', 'email'],
        usernameClaim: 'preferred_username',
        require: [{ claim: ['email_verified'], anyOf: ['true'] }],
        roles: [{ role: 'admin', conditions: [{ claim: ['groups'], anyOf: ['ops'] }] }],
        defaultRoles: ['user'],
      },
    ]);
  });

  test.each([
    [corp.replace('client_id', 'client'), 'oidc.corp.client_id: is required'],
    [
      corp.replace('/login/callback', '/callback'),
      expect.stringMatching(/^oidc\.corp\.redirect_url: .* is not the URL/),
    ],
    [corp.replace('https://ui', 'http://ui'), expect.stringMatching(/^oidc\.corp\.redirect_url: /)],
    [`${corp}roles = { admin = {} }`, 'oidc.corp.roles.admin: must name a claim, such as { groups = "admins" }'],
    [`${corp}roles = { Admin = { groups = "x" } }`, expect.stringMatching(/^oidc\.corp\.roles\.Admin: is not a role/)],
    [`${corp}client_secret_file = "none"`, expect.stringMatching(/^oidc\.corp\.client_secret_file: cannot read/)],
    [
      `${corp}client_secret = "x"`,
      expect.stringMatching(/^oidc\.corp\.client_secret: is not a known key; the keys here are title/),
    ],
  ])('names what is wrong in %j', (text, problem) => {
    expect(problems(text)).toContainEqual(problem);
  });

  test('rejects a secret that other users may read', () => {
    using files = tempConfig();
    writeFileSync(join(files.directory, 'secret'), 'x', { mode: 0o644 });
    const text = `${files.text}${corp}client_secret_file = "secret"`;
    expect(problemsOf(() => loadConfig({ path: files.path, text, env: {} }))).toEqual([
      expect.stringMatching(/^oidc\.corp\.client_secret_file: .* has mode 0644/),
    ]);
  });
});

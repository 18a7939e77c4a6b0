import { describe, expect, test } from 'vitest';
import { readDocument } from './read-document.ts';

const bytesOf = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const read = (value: unknown) => readDocument(bytesOf(value));
const base64 = (value: unknown) => bytesOf(value).toString('base64');
const statement = (predicateType: string, predicate: unknown) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'app', digest: { sha256: 'ab' } }],
  predicateType,
  predicate,
});
const spdx = {
  spdxVersion: 'SPDX-2.3',
  packages: [
    { name: 'openssl', versionInfo: '3.0.15', licenseConcluded: 'NOASSERTION', licenseDeclared: 'Apache-2.0' },
    { name: 'zlib', versionInfo: '1.3' },
  ],
};
const findings = (results: unknown, rules: unknown = []) => ({
  version: '2.1.0',
  runs: [{ tool: { driver: { name: 'Trivy', rules } }, results }],
});

describe('an attached file', () => {
  test.each([
    [
      'SPDX 2.3',
      spdx,
      ['Name', 'Version', 'License'],
      [
        ['openssl', '3.0.15', 'Apache-2.0'],
        ['zlib', '1.3', ''],
      ],
    ],
    [
      'CycloneDX 1.6',
      {
        bomFormat: 'CycloneDX',
        specVersion: '1.6',
        components: [
          { name: 'undici', version: '6.21.0', licenses: [{ license: { id: 'MIT' } }, { expression: 'ISC' }] },
        ],
      },
      ['Name', 'Version', 'License'],
      [['undici', '6.21.0', 'MIT, ISC']],
    ],
    [
      'SARIF 2.1.0',
      findings(
        [
          { ruleId: 'A', level: 'note', message: { text: 'small' } },
          { ruleId: 'B', level: 'error', message: { text: 'scored' } },
          { ruleId: 'C', message: { text: 'no level' } },
        ],
        [{ id: 'B', properties: { 'security-severity': '9.8' } }],
      ),
      ['Severity', 'Rule', 'Message', 'Place'],
      [
        ['critical', 'B', 'scored', ''],
        ['medium', 'C', 'no level', ''],
        ['low', 'A', 'small', ''],
      ],
    ],
  ])('is %s by its content', async (title, value, heads, rows) => {
    expect(await read(value)).toMatchObject({ title, table: { heads, rows, total: rows.length } });
  });

  test('in an envelope is the statement that was signed, with its predicate', async () => {
    const payload = base64(statement('https://slsa.dev/provenance/v1', { runDetails: { builder: { id: 'ci' } } }));
    const document = await read({ payloadType: 'application/vnd.in-toto+json', payload, signatures: [{}] });
    expect(document).toMatchObject({ title: 'in-toto statement', note: expect.stringContaining('has not verified') });
    expect(document?.facts).toEqual([
      ['Payload', 'application/vnd.in-toto+json'],
      ['Signatures', '1'],
      ['Predicate', 'https://slsa.dev/provenance/v1'],
      ['Subject', 'app sha256:ab'],
      ['Builder', 'ci'],
    ]);
  });

  test('that a statement has as its predicate is shown as what it is', async () => {
    expect(await read(statement('https://spdx.dev/Document', spdx))).toMatchObject({
      title: 'SPDX 2.3 in an in-toto statement',
      table: { total: 2 },
    });
  });

  test.each([
    ['cosign signature', { critical: { image: { 'docker-manifest-digest': 'sha256:ab' } } }],
    ['Sigstore bundle', { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', messageSignature: {} }],
  ])('that is a %s is not said to be valid', async (title, value) => {
    expect(await read(value)).toMatchObject({ title, note: expect.stringContaining('has not verified') });
  });

  test.each([
    ['something else', { name: 'x' }],
    ['a list', []],
    ['no JSON', '{"spdxVersion":'],
    ['nothing', ''],
    ['an envelope of an envelope of nothing', { payloadType: 'a', payload: base64('[') }],
  ])('that is %s has no table', async (_name, value) => {
    expect((await read(value))?.table).toBeUndefined();
  });
});

describe('a file that attacks', () => {
  test.each([
    ['by its depth', `{"spdxVersion":"SPDX-2.3","packages":${'['.repeat(4_000_000)}${']'.repeat(4_000_000)}}`],
    ['by the number of its values', `{"spdxVersion":"SPDX-2.3","packages":[${'{},'.repeat(2_500_000)}{}]}`],
    [
      'by the depth of a payload',
      { payloadType: 'a', payload: base64(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`) },
    ],
  ])('%s is not parsed', async (_name, value) => {
    expect((await read(value))?.table).toBeUndefined();
  });

  test('by strings of a megabyte has short cells', async () => {
    const long = 'w'.repeat(1_000_000);
    const document = await read({
      spdxVersion: long,
      packages: [{ name: long, versionInfo: long, licenseDeclared: long }],
    });
    expect(JSON.stringify([document?.title, document?.facts, document?.table]).length).toBeLessThan(3_000);
  });

  test('by many rows has some of them, and their number', async () => {
    const packages = Array.from({ length: 20_000 }, (_, at) => ({ name: `p${at}`, versionInfo: '1' }));
    const document = await read({ spdxVersion: 'SPDX-2.3', packages });
    expect([document?.table?.rows.length, document?.table?.total]).toEqual([300, 20_000]);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'by the name %s changes nothing',
    async (name) => {
      const text = `{"${name}":{"polluted":true},"version":"2.1.0","runs":[{"results":[{"ruleId":"${name}","level":"${name}"}]}]}`;
      const document = await read(text);
      expect(document?.table?.rows).toEqual([['medium', name, '', '']]);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      expect(await read(`{"__proto__":{"spdxVersion":"SPDX-2.3","packages":[]}}`)).toBeUndefined();
    },
  );

  test.each([null, 1, 'text', [null, [], 1], { packages: { length: 9 } }])(
    'by %j in place of its parts has no rows',
    async (odd) => {
      for (const value of [
        { spdxVersion: 'SPDX-2.3', packages: odd, creationInfo: odd },
        { bomFormat: 'CycloneDX', components: odd, metadata: odd },
        { ...statement('x', odd), subject: odd },
        findings(odd, odd),
      ]) {
        expect((await read(value))?.table?.rows ?? []).toEqual([]);
      }
    },
  );
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { StartError } from '@mcr/config';
import { createTestCa } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { trustedAuthorities } from './authorities.ts';
import { readAuthorities } from './read-authorities.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mcr-authorities-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

test('only the authorities that are given are trusted', async () => {
  const { caPem } = await createTestCa();
  writeFileSync(join(directory, 'ca.crt'), caPem);
  expect(trustedAuthorities(readAuthorities('web.ca_cert', join(directory, 'ca.crt')))).toEqual([caPem]);
});

test("by default Node's and the system's are trusted, each once", () => {
  const all = trustedAuthorities();
  expect(all).toEqual(expect.arrayContaining([rootCertificates[0]]));
  expect(new Set(all).size).toBe(all.length);
});

test.each([
  ['none.crt', undefined, 'cannot read ".*none.crt": no such file or directory; use a file that this user can read'],
  ['empty.crt', '', '".*empty.crt" contains no PEM certificate; name the file of the authority, such as tls/ca.crt'],
])('%s is a problem of its key, with a remedy', (name, content, message) => {
  if (content !== undefined) writeFileSync(join(directory, name), content);
  const read = () => readAuthorities('web.ca_cert', join(directory, name));
  expect(read).toThrow(StartError);
  expect(read).toThrow(new RegExp(`^web\\.ca_cert: ${message}$`));
});

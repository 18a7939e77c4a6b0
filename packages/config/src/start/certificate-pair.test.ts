import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestCa } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CertificatePair, type PairFiles, readCertificatePair, validityProblem } from './certificate-pair.ts';

let directory: string;
let files: PairFiles;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mcr-pair-'));
  files = { section: 'web', certPath: join(directory, 'a.crt'), keyPath: join(directory, 'a.key') };
  const ca = await createTestCa();
  const { certPem, keyPem } = await ca.issue();
  writeFileSync(files.certPath, `${certPem}\n${ca.caPem}`);
  writeFileSync(files.keyPath, keyPem);
});
afterAll(() => rmSync(directory, { recursive: true }));

test('a pair is read including intermediate certificates', () => {
  const pair: CertificatePair = readCertificatePair(files);
  expect(pair.cert.toString().match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(pair.certificate.checkHost('localhost')).toBe('localhost');
});

test('both files are named if both are wrong', () => {
  const missing = { certPath: join(directory, 'b.crt'), keyPath: join(directory, 'b.key') };
  expect(() => readCertificatePair({ section: 'web', ...missing })).toThrow(
    /^2 problems:\n {2}web\.tls_cert: cannot read ".*b\.crt": .*\n {2}web\.tls_key: cannot read ".*b\.key": /,
  );
});

test('clients reject a certificate that has expired, and one that is not valid yet', () => {
  const { certificate } = readCertificatePair(files);
  const [begin, end] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  expect(validityProblem(certificate, begin - 1)).toBe(
    `is not valid before ${new Date(begin).toISOString()}, clients reject it; wait, or set the clock of this machine`,
  );
  for (const now of [begin, end - 1]) expect(validityProblem(certificate, now)).toBeUndefined();
  expect(validityProblem(certificate, end)).toBe(
    `expired at ${new Date(end).toISOString()}, clients reject it; renew it`,
  );
});

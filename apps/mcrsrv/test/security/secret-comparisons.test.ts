import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folders = ['apps/mcrsrv/src', 'apps/mcr-web/src', 'packages/auth/src'];
const sources = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => ({ file: `${folder}/${file}`, text: readFileSync(join(root, folder, file), 'utf8') })),
);

test('CVE-2023-20902: passwords and the signatures of forms are compared in constant time', () => {
  const constant = sources.filter(({ text }) => text.includes('timingSafeEqual(')).map(({ file }) => file);
  expect(constant.toSorted()).toEqual(['apps/mcr-web/src/http/csrf-token.ts', 'packages/auth/src/password.ts']);
});

test('CVE-2023-20902: nothing that is secret is compared otherwise', () => {
  const secret =
    /(?:password|secret|token|csrf|signature|nonce|passwordHash)\s*[!=]==?\s*(?!undefined|null|''|"")[\w$.]/i;
  const suspicious = sources.flatMap(({ file, text }) =>
    text
      .split('\n')
      .filter((line) => secret.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(suspicious).toEqual([]);
});

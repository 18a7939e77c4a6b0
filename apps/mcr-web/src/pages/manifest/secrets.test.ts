import { expect, test } from 'vitest';
import { commandText, looksSecret, variable } from './secrets.ts';

test.each([
  ['STRIPE_API_KEY', 'live'],
  ['DB_PASSWORD', 'pw'],
  ['MYSQL_PWD', 'pw'],
  ['AWS_SECRET_ACCESS_KEY', 'abc'],
  ['GITHUB_TOKEN', 'abc'],
  ['DATABASE_URL', 'postgres://app:pw@db/app'],
  ['ANYTHING', 'ghp_0123456789abcdefghijABCDEFGHIJ'],
  ['ANYTHING', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc'],
  ['ANYTHING', '-----BEGIN PRIVATE KEY-----'],
])('%s=%s looks like a secret', (name, value) => {
  expect(looksSecret(name, value)).toBe(true);
});

test.each([
  ['PATH', '/usr/bin:/bin'],
  ['PORT', '8080'],
  ['NODE_ENV', 'production'],
  ['GPG_KEY', 'A035C8C19219BA821ECEA86B64E628F8D684696D'],
  ['DB_PASSWORD_FILE', '/run/secrets/password'],
  ['USE_AUTH', 'true'],
  ['API_TOKEN', ''],
  ['API_TOKEN', '$TOKEN'],
  ['HOME_URL', 'https://example.com/a'],
])('%s=%s does not', (name, value) => {
  expect(looksSecret(name, value)).toBe(false);
});

const closed = (text: string) => `<span class="secret__dots">••••••••</span></summary><span>${text}</span></details>`;

test('only the value of a variable is hidden', async () => {
  const text = String(await variable('API_KEY=a"b'));
  expect(text).toContain('API_KEY=<details class="secret">');
  expect(text).toContain(closed('a&quot;b'));
  expect(String(await variable('PORT=8080'))).toBe('<code>PORT=8080</code>');
});

test('in a command the assignments that look like secrets are hidden, and the rest stays as it is', async () => {
  const text = String(await commandText(`RUN |2 NPM_TOKEN=abc A=1 /bin/sh -c curl "$URL" && PASSWORD='x y' run`));
  expect(text).toContain(closed('abc'));
  expect(text).toContain(closed('&#39;x y&#39;'));
  expect(text).toContain(' A=1 /bin/sh -c curl &quot;$URL&quot; &amp;&amp; PASSWORD=<details');
  expect(String(await commandText('COPY . .'))).toBe('COPY . .');
});

test.each([
  ['a long word', 'a'.repeat(1_000_000)],
  ['words that begin like a JWT', '-eyJ'.repeat(250_000)],
  ['quotes that never end', `a="${'\\"'.repeat(500_000)}`],
])('%s of a megabyte is read once, not once for each letter', async (_name, text) => {
  expect(looksSecret('A', text)).toBe(false);
  expect(String(await commandText(text)).length).toBeLessThan(20_000);
  expect(String(await variable(`A=${text}`)).length).toBeLessThan(20_000);
});

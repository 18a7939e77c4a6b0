import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Code, ConnectError } from '@connectrpc/connect';
import { beforeAll, describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { seedImage } from '../_util/images.ts';
import { failuresOf } from '../_util/log.ts';
import { rejection } from '../_util/rpc.ts';

const api = useAdminApi();
beforeAll(() => seedImage(api().server, 'team/app', ['v1']));

const hostile = [
  "'",
  '"',
  '`',
  "app' OR '1'='1",
  "app'); DROP TABLE blobs; --",
  'password=~a',
  'password_hash',
  '(SELECT password_hash FROM accounts)',
  'name; DELETE FROM tags',
  '%',
  '_',
  'team/%',
  'ap_',
  '\\',
  '\u0000',
  '\u2019',
  '{"$gt":""}',
];

describe('CVE-2019-19029, CVE-2024-22261, CVE-2025-30086: text of a request is never a part of a query', () => {
  test.each(hostile)('%j, wherever a list takes text', async (text) => {
    const { registry, audit, admin } = api().rpc('admin');
    const none = async (call: Promise<object>, list: string): Promise<void> => {
      const response = await call.catch((error: unknown) => ConnectError.from(error));
      if (response instanceof ConnectError) expect(response.code).toBe(Code.InvalidArgument);
      else expect(response).toHaveProperty(list, []);
    };
    await none(registry.listRepositories({ search: text }), 'repositories');
    await none(registry.listTags({ repository: 'team/app', search: text, details: true }), 'tags');
    await none(audit.listAuditEvents({ actorId: text }), 'events');
    for (const call of [
      registry.listRepositories({ sort: text }),
      registry.listTags({ repository: 'team/app', sort: text, details: true }),
      audit.listAuditEvents({ eventType: text }),
    ]) {
      expect((await rejection(call)).code).toBe(Code.InvalidArgument);
    }
    const query = encodeURIComponent(text);
    for (const path of [
      `/v1/repositories?search=${query}`,
      `/v1/audit?actor_id=${query}`,
      `/v1/accounts?last=${query}`,
    ]) {
      const response = await api().server.admin.request('GET', path);
      expect([200, 400], `${path}: ${response.text()}`).toContain(response.status);
      expect(response.text()).not.toContain('argon2');
    }
    expect((await admin.listAccounts({})).accounts.length).toBe(3);
    expect(failuresOf(api().server)).toEqual([]);
  });

  test('and the source builds no SQL of text but of its own words', () => {
    const folder = fileURLToPath(new URL('../../../../packages/db/src', import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const raw = files.filter((file) => /\bsql\.(?:raw|identifier)\(/.test(readFileSync(join(folder, file), 'utf8')));
    // Its table of checks is text that stands in the file itself.
    expect(raw.filter((file) => file !== join('sqlite', 'inspection', 'dangling-rows.ts'))).toEqual([]);
  });
});

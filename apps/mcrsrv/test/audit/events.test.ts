import { digestOf } from '@mcr/core';
import { blobOf, buildImage, locationOf, pushImage } from '@mcr/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { sqlFromOutside } from '../_util/outside.ts';
import { testPassword } from '../_util/server.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: { MCR_STORAGE_TAG_DELETE: 'true' } });
const basic = (name: string, password: string) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
const login = (name: string, password: string) =>
  server().admin.request('GET', '/v2/token', { authorization: basic(name, password) });

describe('the audit log has', () => {
  test('logins that succeed, by whichever transport, with the account', async () => {
    const id = await server().addAccount('alice');
    expect((await login('alice', testPassword)).status).toBe(200);
    const form = new URLSearchParams({ grant_type: 'password', username: 'alice', password: testPassword });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await server().admin.request('POST', '/v2/token', { authorization: null, headers, body: form.toString() });
    const events = (await server().audit('login')).filter(({ actor }) => actor.name === 'alice');
    expect(events).toHaveLength(2);
    for (const event of events)
      expect(event).toMatchObject({ actor: { id, name: 'alice', ip: '127.0.0.1' }, details: {} });
  });

  test.each([
    ['of a wrong password', 'admin'],
    ['of an unknown account', 'anonymous'],
    ['of a name that no account can have', 'No Such\nAccount'],
  ])('logins that fail because %s, without an id and without the password', async (_, name) => {
    expectError(await login(name, 'the wrong password'), 401, 'UNAUTHORIZED');
    const [event] = await server().audit('login_failed');
    expect(event).toMatchObject({ actor: { name, ip: '127.0.0.1' } });
    expect(event!.actor).not.toHaveProperty('id');
    expect(JSON.stringify(event)).not.toContain('wrong password');
  });

  test('a name of any length in 256 characters', async () => {
    expectError(await login('x'.repeat(5_000), 'y'), 401, 'UNAUTHORIZED');
    expect((await server().audit('login_failed'))[0]?.actor.name).toBe('x'.repeat(256));
  });

  test('every change and every pull, with who did it', async () => {
    const image = await buildImage({ layers: [{ size: 10, seed: 'audited' }] });
    const { admin } = server();
    const { digest } = image.manifest;
    await pushImage(admin, 'audit/app', 'v1', image);
    await admin.mountBlob('audit/other', image.config.digest, 'audit/app');
    await admin.getManifest('audit/app', 'v1', { headers: { 'user-agent': 'docker/99' } });
    await admin.headManifest('audit/app', 'v1');
    // The event of a pull may come some milliseconds late.
    await server().context.services.audit.flush();
    await admin.deleteManifest('audit/app', 'v1');
    await admin.deleteManifest('audit/app', digest);
    await admin.deleteBlob('audit/app', image.config.digest);
    const events = (await server().audit())
      .filter(({ repository }) => repository?.startsWith('audit/'))
      .toReversed()
      .map(({ type, actor, repository, digest: of, details }) => ({ type, name: actor.name, repository, of, details }));
    const by = { name: 'admin', repository: 'audit/app' };
    expect(events.filter(({ type }) => type === 'blob_uploaded')).toHaveLength(2);
    expect(events.filter(({ type }) => type !== 'blob_uploaded')).toEqual([
      { ...by, type: 'manifest_pushed', of: digest, details: expect.objectContaining({}) },
      {
        ...by,
        type: 'blob_mounted',
        repository: 'audit/other',
        of: image.config.digest,
        details: { from: 'audit/app' },
      },
      { ...by, type: 'manifest_pulled', of: digest, details: { reference: 'v1', user_agent: 'docker/99' } },
      { ...by, type: 'tag_deleted', of: digest, details: expect.objectContaining({}) },
      { ...by, type: 'manifest_deleted', of: digest, details: expect.objectContaining({}) },
      { ...by, type: 'blob_deleted', of: image.config.digest, details: expect.objectContaining({}) },
    ]);
  });
});

describe('when the audit log cannot be written', () => {
  const rejection = `BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'canary-of-the-driver'); END`;
  const breakLog = () => sqlFromOutside(server(), `CREATE TRIGGER no_audit ${rejection}`);
  const mendLog = () => sqlFromOutside(server(), 'DROP TRIGGER IF EXISTS no_audit');

  afterEach(mendLog);

  test('no login succeeds, and a denial is 503', async () => {
    await server().addAccount('robot', { type: 'system' });
    const robot = server().client('robot');
    await robot.token();
    await breakLog();
    for (const response of [
      await login('admin', testPassword),
      await login('admin', 'wrong'),
      await robot.tags('app'),
      await robot.startUpload('app'),
    ]) {
      expectError(response, 503, 'UNAVAILABLE');
      expect(response.text()).not.toContain('canary');
    }
  });

  test('no change happens, and nothing of it stays but the upload, which can be tried again', async () => {
    const { admin } = server();
    await pushBlobs(admin, 'unaudited', blobOf('{}'));
    const location = locationOf(await admin.startUpload('unaudited'));
    expect((await admin.patchUpload(location, 'tried twice')).status).toBe(202);
    await breakLog();
    await leavingNothing(server(), async () => {
      const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf('{}'), size: 2 };
      const manifest = JSON.stringify({ schemaVersion: 2, config, layers: [] });
      for (const response of [
        await admin.request('PUT', '/v2/unaudited/manifests/v1', { body: manifest }),
        await admin.deleteBlob('unaudited', digestOf('{}')),
        await admin.mountBlob('unaudited/other', digestOf('{}'), 'unaudited'),
      ]) {
        expect(response.status).toBeGreaterThanOrEqual(500);
        expect(response.text()).not.toContain('canary');
      }
    });
    const failed = await admin.finishUpload(location, digestOf('tried twice'));
    expect(failed.status).toBeGreaterThanOrEqual(500);
    expectError(await admin.getBlob('unaudited', digestOf('tried twice')), 404, 'BLOB_UNKNOWN');

    await mendLog();
    const retried = await admin.finishUpload(location, digestOf('tried twice'));
    expect(retried.status, retried.text()).toBe(201);
  });

  test('pulls go on, and the log of the process says what is lost', async () => {
    const { admin } = server();
    await pushImage(admin, 'pulled', 'v1', await buildImage({ layers: [] }));
    await breakLog();
    expect((await admin.getManifest('pulled', 'v1')).status).toBe(200);
    await server().context.services.audit.flush();
    expect(server().logLines.some((line) => line.includes('audit event lost'))).toBe(true);
  });
});

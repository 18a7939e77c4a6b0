import { rawGet } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { challengeOf } from '../_util/challenge.ts';
import { testPassword } from '../_util/server.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: { MCR_SERVER_PUBLIC_URL: 'https://registry.example.net' } });

describe('CVE-2026-20896: who one is and where from is in no header that a client can send', () => {
  test.each([
    'X-WEBAUTH-USER',
    'X-Forwarded-User',
    'X-Remote-User',
    'Remote-User',
    'X-Auth-Request-User',
    'X-Ssl-Client-Subject-Dn',
    'X-Client-Cert',
  ])('%s names no account', async (header) => {
    const { status } = await server().admin.request('GET', '/v2/', {
      authorization: null,
      headers: { [header]: 'admin' },
    });
    expect(status).toBe(401);
  });

  test.each(['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'True-Client-IP', 'CF-Connecting-IP'])(
    '%s of a peer that is no trusted proxy moves no address',
    async (header) => {
      const authorization = `Basic ${Buffer.from(`admin:${testPassword}`).toString('base64')}`;
      const headers = { [header]: header === 'Forwarded' ? 'for=192.0.2.1' : '192.0.2.1' };
      expect((await server().admin.request('GET', '/v2/token', { authorization, headers })).status).toBe(200);
      expect((await server().audit('login'))[0]?.actor.ip).toBe('127.0.0.1');
    },
  );
});

describe('CVE-2026-33540: no header leads a client elsewhere', () => {
  test.each(['Host', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Prefix'])(
    '%s changes neither the realm nor a Location',
    async (header) => {
      const headers = { host: 'registry.example.net', [header.toLowerCase()]: 'evil.example' };
      expect(challengeOf(await rawGet(server(), '/v2/', headers))['realm']).toBe(
        'https://registry.example.net/v2/token',
      );
      const others = header === 'Host' ? {} : { [header]: 'evil.example' };
      const started = await server().admin.request('POST', '/v2/app/blobs/uploads/', { headers: others });
      expect(started.header('location')).toMatch(
        /^(?:https:\/\/registry\.example\.net)?\/v2\/app\/blobs\/uploads\/[\w-]+$/,
      );
      await server().admin.cancelUpload(started.header('location')!.replace('https://registry.example.net', ''));
    },
  );
});

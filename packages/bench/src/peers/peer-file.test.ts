import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDirectory } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { Connection, requestHead } from '../connection.ts';
import { readPeerFile } from './peer-file.ts';

/** A server that hands out a token for the right credentials, and lets those in who send it. */
const script = `
const { createServer } = require('node:https');
const { readFileSync } = require('node:fs');
const { host, port, cert, key, credentials } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const basic = 'Basic ' + Buffer.from(credentials).toString('base64');
const options = { cert: readFileSync(cert), key: readFileSync(key) };
createServer(options, ({ url, headers: { authorization } }, response) => {
  const isRight = authorization === (url === '/basic' || url.startsWith('/token') ? basic : 'Bearer the-token');
  response.statusCode = url === '/ready' || isRight ? 200 : 401;
  response.end(JSON.stringify({ access_token: 'the-token' }));
}).listen(port, host);
process.on('SIGTERM', () => process.exit(0));
`;
const settings = '{"host":"{host}","port":{port},"cert":"{certificate}","key":"{key}","credentials":"me:{secret}"}';
const peer = {
  name: 'other',
  conditions: 'None',
  command: [process.execPath, '{files}/server.cjs', '{files}/settings.json'],
  files: { 'server.cjs': script, 'settings.json': settings },
  ready: '/ready',
};
const login = { username: 'me', password: '{secret}' };

async function peerFrom(content: object | string, taken: readonly string[] = []) {
  await using directory = await tempDirectory('mcr-bench-');
  const path = join(directory.path, 'peer.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readPeerFile(path, taken);
}

describe('a registry that a file describes', () => {
  test.each([
    ['once, for a token', '/v2/', { ...login, token: '/token?service=other' }, 200],
    ['with each request', '/basic', login, 200],
    ['not at all', '/v2/', undefined, 401],
  ])('is started, and logged in to %s', async (_how, path, own, status) => {
    const read = await peerFrom({ ...peer, login: own });
    expect(read).toMatchObject({ name: 'other', conditions: 'None' });
    expect(await read.version()).toBe(process.version);
    await using running = await read.start();
    expect(running.login?.path).toBe(own && 'token' in own ? own.token : undefined);
    using connection = await Connection.open(running);
    expect(await connection.send(requestHead(running, 'GET', path))).toMatchObject({ status });
  });

  test('that rejects the login is an error', async () => {
    const read = await peerFrom({ ...peer, login: { ...login, password: 'wrong', token: '/token' } });
    await expect(read.start()).rejects.toThrow('no token at /token: 401');
  });
});

test.each<[string, object | string, RegExp]>([
  ['that is no JSON', '{', /JSON/],
  ['without what it needs', {}, /name: .*; conditions: .*; command: /],
  ['with an unusual name', { ...peer, name: 'An Other' }, /name: is made of a-z/],
  ['that writes elsewhere', { ...peer, files: { '../x': '' } }, /files\.\.\.\/x: Invalid key/],
  ['with an unknown key', { ...peer, port: 1 }, /"port"/],
  ['with the name of another contender', { ...peer, name: 'mcr' }, /there is a contender "mcr" already/],
])('a file %s is an error that says what is wrong', async (_what, content, message) => {
  const reading = peerFrom(content, ['mcr']);
  await expect(reading).rejects.toThrow(/^invalid --peer ".*peer\.json": /);
  await expect(reading).rejects.toThrow(message);
});

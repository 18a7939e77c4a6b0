import { describe, expect, test } from 'vitest';
import { readOverrides } from './env.ts';

function problemsWith(variable: string): readonly unknown[] {
  return readOverrides({ [variable]: 'x' }).problems.map(({ message }) => message);
}

test('values have the form that they have in a file', () => {
  const { values, problems } = readOverrides({
    MCR_LOG_LEVEL: 'debug',
    MCR_STORAGE_TAG_DELETE: 'false',
    MCR_MCIAS_TAGS: ' a, b ,,c',
    MCR_SERVER_READ_TIMEOUT: '30s',
    MCR_SERVER_PUBLIC_URL: undefined,
    PATH: '/bin',
  });
  expect([...values]).toEqual([
    ['log.level', 'debug'],
    ['storage.tag_delete', false],
    ['mcias.tags', ['a', 'b', 'c']],
    ['server.read_timeout', '30s'],
  ]);
  expect(problems).toEqual([]);
});

describe('a variable that is not a key', () => {
  test.each([
    ['MCR_SERVER_LISTEN_ADR', 'is not a known variable; did you mean MCR_SERVER_LISTEN_ADDR?'],
    ['MCR_SEVER_LISTEN_ADDR', 'is not a known variable; did you mean MCR_SERVER_LISTEN_ADDR?'],
    ['MCR_GC_', 'is not a known variable; remove it, or see docs/configuration.md for the keys'],
    [
      'MCR_POLICY_DEFAULT_ACTION_FOR_ALL',
      'is not a known variable; remove it, or see docs/configuration.md for the keys',
    ],
  ])('%s is rejected', (variable, message) => {
    expect(problemsWith(variable)).toEqual([message]);
  });

  test.each([
    'MCR_CONFIG',
    'MCR_TOKEN',
    'MCR_SERVER',
    'MCR_GRPC',
    'MCR_CA_CERT',
    'MCR_BUILD_VERSION',
    'MCR_BUILD_COMMIT',
    'MCR_TEST_CLIENTS',
    'MCR_SOMETHING_OF_MY_OWN',
    'mcr_server_listen_addr',
    'XMCR_SERVER_FOO',
  ])('%s is ignored', (variable) => {
    expect(problemsWith(variable)).toEqual([]);
  });

  test.each([
    'MCR_SERVICE_HOST',
    'MCR_PORT',
    'MCR_WEB_SERVICE_HOST',
    'MCR_WEB_SERVICE_PORT',
    'MCR_WEB_SERVICE_PORT_HTTPS',
    'MCR_WEB_PORT',
    'MCR_WEB_PORT_8080_TCP',
    'MCR_WEB_PORT_8080_TCP_PROTO',
    'MCR_WEB_PORT_8080_TCP_PORT',
    'MCR_SERVER_PORT_8443_TCP_ADDR',
  ])('%s of a Kubernetes service link is ignored', (variable) => {
    expect(problemsWith(variable)).toEqual([]);
  });
});

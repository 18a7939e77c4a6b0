import { expect, test } from 'vitest';
import { parseAddress } from '../addresses.ts';
import { checkListeners, checkWebListeners, webListenerWarnings } from './listeners.ts';

const server = (listen: string, grpc: string) => {
  const [listenAddr, grpcAddr] = [parseAddress(listen), parseAddress(grpc)];
  return { ...(listenAddr && { listenAddr }), ...(grpcAddr && { grpcAddr }) };
};

test.each([
  ['127.0.0.1:1', '127.0.0.1:1'],
  ['0.0.0.0:1', '127.0.0.1:1'],
  ['127.0.0.1:1', '0.0.0.0:1'],
  [':1', '127.0.0.1:1'],
  [':1', '[::1]:1'],
  ['[::]:1', '0.0.0.0:1'],
  ['localhost:1', ':1'],
  ['localhost:1', 'localhost:1'],
])('%s and %s cannot be both', (one, other) => {
  const message = `${other} is already used by server.listen_addr (${one}); choose another port`;
  expect(checkListeners({ server: server(one, other) })).toEqual([{ key: 'server.grpc_addr', message }]);
});

test.each([
  ['127.0.0.1:1', '127.0.0.1:2'],
  ['127.0.0.1:0', '127.0.0.1:0'],
  ['127.0.0.1:1', '127.0.0.2:1'],
  ['0.0.0.0:1', '[::1]:1'],
  ['127.0.0.1:1', '[::1]:1'],
])('%s and %s can be both', (one, other) => {
  expect(checkListeners({ server: server(one, other) })).toEqual([]);
});

test('the web UI cannot serve its metrics on the port of its pages', () => {
  const web = { listenAddr: { host: '127.0.0.1', port: 1 }, metricsAddr: { host: '', port: 1 } };
  const message = ':1 is already used by web.listen_addr (127.0.0.1:1); choose another port';
  expect(checkWebListeners({ web })).toEqual([{ key: 'web.metrics_addr', message }]);
  expect(checkWebListeners({ web: { ...web, metricsAddr: { host: '', port: 2 } } })).toEqual([]);
});

test('the web UI may run on another machine, so its address only causes a warning', () => {
  const web = { listenAddr: { host: '', port: 2 }, metricsAddr: { host: '::1', port: 1 } };
  const warnings = webListenerWarnings({ server: server(':1', '127.0.0.1:2'), web });
  expect(warnings).toEqual([
    {
      key: 'web.listen_addr',
      message: ':2 is already used by server.grpc_addr (127.0.0.1:2) if both run on one machine; choose another port',
    },
    {
      key: 'web.metrics_addr',
      message: '[::1]:1 is already used by server.listen_addr (:1) if both run on one machine; choose another port',
    },
  ]);
  expect(checkListeners({ server: server(':1', '127.0.0.1:2') })).toEqual([]);
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { credentials, loadPackageDefinition, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { load } from '@grpc/proto-loader';
import { run } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { seedImage } from '../_util/images.ts';
import { rpcUrl, services } from '../_util/rpc.ts';
import { testPassword } from '../_util/server.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const proto = join(root, 'proto');
const buf = join(root, 'node_modules', '.bin', 'buf');
const api = useAdminApi();
let ca: string;
beforeAll(async () => {
  await seedImage(api().server, 'team/app', ['v1']);
  await api().rpc('admin').tokens.createToken({ name: 'laptop' });
  ca = join(api().server.directory, 'tls', 'ca.crt');
});

/** A call of each service, without a token where it needs none, and something that its response says. */
const calls = [
  { method: 'mcr.v1.AdminService/Health', request: {}, says: '"ok"', open: true },
  { method: 'mcr.v1.AdminService/GetStatistics', request: {}, says: '1' },
  { method: 'mcr.v1.RegistryService/GetRepository', request: { name: 'team/app' }, says: 'team/app' },
  { method: 'mcr.v1.RegistryService/ListTags', request: { repository: 'team/app' }, says: 'sha256:' },
  {
    method: 'mcr.v1.PolicyService/CreatePolicyRule',
    request: { priority: 9, effect: 'deny', enabled: false },
    says: 'deny',
  },
  { method: 'mcr.v1.PolicyService/ListPolicyRules', request: {}, says: 'Administrators' },
  { method: 'mcr.v1.AuditService/ListAuditEvents', request: { eventType: 'manifest_pushed' }, says: 'team/app' },
  {
    method: 'mcr.v1.AuthService/Login',
    request: { username: 'admin', password: testPassword },
    says: 'token',
    open: true,
  },
  { method: 'mcr.v1.AuthService/WhoAmI', request: {}, says: '"admin"' },
  { method: 'mcr.v1.TokenService/ListTokens', request: {}, says: 'laptop' },
  { method: 'grpc.health.v1.Health/Check', request: {}, says: 'SERVING', open: true },
] as const;
const authorization = () => `Bearer ${api().token('admin')}`;

test('the calls reach every service', () => {
  const reached = new Set<string>(calls.map(({ method }) => method.split('/')[0]!));
  expect(reached).toEqual(new Set(services.map(({ typeName }) => typeName)));
});

describe('grpc-js with the .proto files', () => {
  type Call = (
    request: object,
    metadata: Metadata,
    done: (error: ServiceError | null, response?: object) => void,
  ) => void;
  interface GrpcClient extends Record<string, unknown> {
    close(): void;
  }
  type GrpcService = new (target: string, security: ReturnType<typeof credentials.createSsl>) => GrpcClient;

  const clients = new Map<string, GrpcClient>();
  afterAll(() => {
    for (const client of clients.values()) client.close();
  });
  beforeAll(async () => {
    const files = ['registry', 'policy', 'audit', 'admin', 'auth', 'tokens'].map((name) => `mcr/v1/${name}.proto`);
    const options = { includeDirs: [proto, join(root, 'third_party')], enums: String, longs: Number, defaults: true };
    const definition = await load([...files, 'grpc/health/v1/health.proto'], options);
    const security = credentials.createSsl(Buffer.from(api().server.ca));
    const loaded: unknown = loadPackageDefinition(definition);
    for (const { typeName } of services) {
      const steps = typeName.split('.');
      const Service = steps.reduce((at, step) => (at as Record<string, unknown>)[step], loaded) as GrpcService;
      clients.set(typeName, new Service(`localhost:${api().server.grpcPort}`, security));
    }
  });

  async function invoke(method: string, request: object, header?: string): Promise<object> {
    const [service = '', name = ''] = method.split('/');
    const client = clients.get(service)!;
    const metadata = new Metadata();
    if (header !== undefined) metadata.set('authorization', header);
    return await new Promise((resolve, reject) => {
      const send = client[name] as Call;
      send.call(client, request, metadata, (error, response) => (error === null ? resolve(response!) : reject(error)));
    });
  }

  test.each(calls)('calls $method', async (it) => {
    const response = await invoke(it.method, it.request, 'open' in it ? undefined : authorization());
    expect(JSON.stringify(response)).toContain(it.says);
  });

  test('gets the codes that gRPC knows', async () => {
    const anonymous = invoke('mcr.v1.AdminService/GetStatistics', {});
    await expect(anonymous).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    const person = invoke('mcr.v1.AdminService/GetStatistics', {}, `Bearer ${api().token('person')}`);
    await expect(person).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
    const missing = invoke('mcr.v1.RegistryService/GetRepository', { name: 'no/such' }, authorization());
    await expect(missing).rejects.toMatchObject({ code: status.NOT_FOUND, details: expect.stringMatching(/\S/) });
    const bad = invoke('mcr.v1.PolicyService/CreatePolicyRule', { priority: 0 }, authorization());
    await expect(bad).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});

describe.each(['grpc', 'grpcweb', 'connect'])('buf curl with %s', (protocol) => {
  async function bufCurl(method: string, request: object, header?: string) {
    const flags = ['curl', '--schema', proto, '--protocol', protocol, '--cacert', ca];
    const headers = header === undefined ? [] : ['--header', `authorization: ${header}`];
    const target = `${rpcUrl(api().server)}/${method}`;
    return await run(buf, [...flags, ...headers, '--data', JSON.stringify(request), target], { timeout: 20_000 });
  }

  test.each(calls)('calls $method', async (it) => {
    const { code, stdout, stderr } = await bufCurl(it.method, it.request, 'open' in it ? undefined : authorization());
    expect(code, stderr).toBe(0);
    expect(JSON.stringify(JSON.parse(stdout))).toContain(it.says);
  });

  test('is told when it may not', async () => {
    const { code, stderr } = await bufCurl('mcr.v1.AuthService/WhoAmI', {});
    expect(code).not.toBe(0);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('token') });
  });
});

describe.each(['--http2', '--http1.1'])('plain curl %s with JSON', (version) => {
  async function curl(method: string, request: string, ...flags: string[]) {
    const json = ['--header', 'content-type: application/json', '--data', request];
    const target = `${rpcUrl(api().server)}/${method}`;
    const common = ['--silent', '--show-error', '--cacert', ca, version, '--write-out', '\n%{http_code}'];
    const { code, stdout, stderr } = await run('curl', [...common, ...json, ...flags, target], { timeout: 20_000 });
    expect(code, stderr).toBe(0);
    const [status = '', ...body] = stdout.split('\n').toReversed();
    return { status: Number(status), body: JSON.parse(body.toReversed().join('\n')) };
  }

  test.each(calls)('calls $method', async (it) => {
    // A header on the command line is seen by every process; a file is not.
    const headers = join(api().server.directory, 'headers');
    await writeFile(headers, 'open' in it ? '' : `authorization: ${authorization()}`, { mode: 0o600 });
    const { status: httpStatus, body } = await curl(it.method, JSON.stringify(it.request), '--header', `@${headers}`);
    expect(httpStatus, JSON.stringify(body)).toBe(200);
    expect(JSON.stringify(body)).toContain(it.says);
  });

  test('shows empty fields, too', async () => {
    const { body } = await curl(
      'mcr.v1.RegistryService/GetGCStatus',
      '{}',
      '--header',
      `authorization: ${authorization()}`,
    );
    expect(body).toEqual({ running: false, pending: { blobs: expect.any(Number), bytes: expect.any(String) } });
  });

  test('is rejected in JSON', async () => {
    expect(await curl('mcr.v1.AuthService/WhoAmI', '{}')).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
    expect(await curl('mcr.v1.NoService/No', '{}')).toMatchObject({ status: 404, body: { code: 'unimplemented' } });
  });
});

import { createServer } from 'node:https';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createTestCa, type TestCa } from './tls.ts';

/** An issuer of tokens such as a CI service: discovery document, keys, over TLS on a free port of 127.0.0.1. */
export interface FakeIssuer extends AsyncDisposable {
  readonly issuer: string;
  readonly caPem: string;
  /** How often each path was asked for. */
  readonly calls: Map<string, number>;
  /** A token that is valid for five minutes. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>;
  /** Replaces the key, as issuers do; tokens of the old one are signed by an unknown key from then on. */
  rotate(): Promise<void>;
  /** Responses in place of the usual ones, by path. */
  readonly responses: Map<string, { readonly status: number; readonly body: string; readonly location?: string }>;
  /** Stops listening; tokens can still be signed. */
  stop(): Promise<void>;
}

/** Options of a {@link startFakeIssuer}. */
export interface FakeIssuerOptions {
  readonly ca?: TestCa;
  /** Signs with this algorithm (default: RS256). */
  readonly algorithm?: string;
  /** Milliseconds since the epoch; the machine's clock when absent. */
  readonly now?: () => number;
}

const jwksPath = '/keys';
const discoveryPath = '/.well-known/openid-configuration';

/** Starts an issuer; the test that starts it disposes it. */
export async function startFakeIssuer(options: FakeIssuerOptions = {}): Promise<FakeIssuer> {
  const { algorithm = 'RS256', now = () => Date.now() } = options;
  const ca = options.ca ?? (await createTestCa());
  const { certPem, keyPem } = await ca.issue();
  const calls = new Map<string, number>();
  const responses: FakeIssuer['responses'] = new Map();
  let key: CryptoKey;
  let jwk: JWK;
  let keyNumber = 0;

  async function rotate(): Promise<void> {
    const pair = await generateKeyPair(algorithm, { extractable: true });
    keyNumber += 1;
    key = pair.privateKey;
    jwk = { ...(await exportJWK(pair.publicKey)), kid: `key-${keyNumber}`, alg: algorithm, use: 'sig' };
  }

  await rotate();
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    const path = request.url ?? '';
    calls.set(path, (calls.get(path) ?? 0) + 1);
    const documents: Readonly<Record<string, unknown>> = {
      [discoveryPath]: {
        issuer,
        jwks_uri: `${issuer}${jwksPath}`,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: [algorithm],
      },
      [jwksPath]: { keys: [jwk] },
    };
    const document = documents[path];
    const usual = { status: document === undefined ? 404 : 200, body: JSON.stringify(document ?? {}) };
    const { status, body, location } = { location: undefined, ...(responses.get(path) ?? usual) };
    response.writeHead(status, {
      'Content-Type': 'application/json',
      ...(location !== undefined && { Location: location }),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The fake issuer has no port');
  const issuer = `https://127.0.0.1:${address.port}`;

  async function stop(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  return {
    issuer,
    caPem: ca.caPem,
    calls,
    responses,
    rotate,
    stop,
    async sign(claims) {
      const iat = Math.floor(now() / 1000);
      const payload = { iss: issuer, iat, nbf: iat, exp: iat + 300, ...claims };
      return await new SignJWT(payload)
        .setProtectedHeader({ alg: algorithm, kid: `key-${keyNumber}`, typ: 'JWT' })
        .sign(key);
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** The claims of a job of GitHub Actions. */
export function githubClaims(repository: string, audience: string): Record<string, unknown> {
  const [owner = ''] = repository.split('/');
  return {
    aud: audience,
    sub: `repo:${repository}:ref:refs/heads/main`,
    jti: 'b7d2',
    repository,
    repository_id: `id-of-${repository}`,
    repository_owner: owner,
    repository_owner_id: `id-of-${owner}`,
    ref: 'refs/heads/main',
    sha: '0123456789abcdef0123456789abcdef01234567',
    run_id: '4242',
    actor: 'octocat',
    event_name: 'push',
  };
}

/** The claims of a service account of Kubernetes, as `kubectl create token` and projected volumes have them. */
export function kubernetesClaims(namespace: string, name: string, audience: string): Record<string, unknown> {
  return {
    aud: [audience],
    sub: `system:serviceaccount:${namespace}:${name}`,
    'kubernetes.io': {
      namespace,
      serviceaccount: { name, uid: `uid-of-${name}` },
      pod: { name: `${name}-0`, uid: 'p' },
    },
  };
}

import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** What tokens are for; distribution compares names as they are, without patterns. */
export const tokenRepositories = ['bench/manifests', 'bench/blobs-4096'] as const;

const keyId = 'bench';
const { publicKey, privateKey } = await generateKeyPair('ES256');

/** What verifies the tokens, as a JWK set. */
export const tokenKeys = { keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: 'ES256', use: 'sig' }] };

/** A token as registries accept from a token server: https://distribution.github.io/distribution/spec/auth/jwt/ */
export async function registryToken(): Promise<string> {
  const access = tokenRepositories.map((name) => ({ type: 'repository', name, actions: ['pull', 'push'] }));
  return await new SignJWT({ access })
    .setProtectedHeader({ alg: 'ES256', kid: keyId, typ: 'JWT' })
    .setIssuer('bench')
    .setAudience('bench')
    .setSubject('bench')
    .setJti('bench')
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime('2h')
    .sign(privateKey);
}

import { createHmac, type KeyObject, sign } from 'node:crypto';

/** What makes the last part of a token: a key, or whatever else a forger may think of. */
export type Signer = (input: string) => Uint8Array | string;

/** Signs as the registry does. */
export function eddsa(key: KeyObject): Signer {
  return (input) => sign(null, Buffer.from(input), key);
}

/** Signs with a shared secret. */
export function hmac(secret: string | Uint8Array, algorithm = 'sha256'): Signer {
  return (input) => createHmac(algorithm, secret).update(input).digest();
}

/** Puts a token together of a header and claims, as JSON text when they are strings. */
export function jwt(header: object | string, claims: object | string, signer: Signer): string {
  const input = `${part(header)}.${part(claims)}`;
  const signature = signer(input);
  return `${input}.${typeof signature === 'string' ? signature : Buffer.from(signature).toString('base64url')}`;
}

/** The claims of a token. */
export function decodeJwt(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

function part(content: object | string): string {
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url');
}

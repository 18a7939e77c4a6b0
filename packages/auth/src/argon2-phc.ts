/** The parts of an argon2id hash. */
export interface Argon2Hash {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** 256 MiB: an imported hash that requires more would make each login a way to exhaust memory. */
const maxMemory = 262_144;
const maxPasses = 16;
const maxParallelism = 16;

/** argon2id, version 1.3; salts of 8 to 48 bytes and tags of 12 to 64, in unpadded base64. */
const grammar =
  /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{16,86})$/;

/** Writes a hash as a PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. */
export function formatArgon2Hash({ memory, passes, parallelism, salt, tag }: Argon2Hash): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Parses a PHC string; `undefined` if it is invalid or would cost more than a login may. */
export function parseArgon2Hash(text: string): Argon2Hash | undefined {
  const [, m, t, p, salt, tag] = grammar.exec(text) ?? [];
  if (salt === undefined || tag === undefined) return undefined;
  const [memory, passes, parallelism] = [Number(m), Number(t), Number(p)];
  if (passes < 1 || passes > maxPasses || parallelism < 1 || parallelism > maxParallelism) return undefined;
  if (memory < 8 * parallelism || memory > maxMemory) return undefined;
  return { memory, passes, parallelism, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

import { type Cipheriv, createCipheriv, createHash } from 'node:crypto';

const chunkSize = 1 << 20;
const zeros = Buffer.alloc(chunkSize);

/** `size` bytes that look random, do not compress, and are the same for the same seed on every machine. */
export function seededBytes(seed: string, size: number): Buffer {
  return keystream(seed).update(Buffer.alloc(size));
}

/** The bytes of `seededBytes(seed, size)` in chunks of at most 1 MiB, for content that should not be held in memory. */
export function* seededChunks(seed: string, size: number): Generator<Buffer> {
  const cipher = keystream(seed);
  for (let left = size; left > 0; left -= chunkSize) {
    yield cipher.update(left >= chunkSize ? zeros : zeros.subarray(0, left));
  }
}

/** AES-CTR over zeros is the fastest deterministic generator that Node has (some GB/s). */
function keystream(seed: string): Cipheriv {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-128-ctr', key.subarray(0, 16), key.subarray(16));
}

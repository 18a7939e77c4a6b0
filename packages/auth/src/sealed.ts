import { EncryptJWT, jwtDecrypt } from 'jose';

/** Options of a {@link Sealed}. */
export interface SealedOptions {
  /** 32 bytes that all processes of the registry share. */
  readonly key: Uint8Array;
  /** What is sealed: a text of another purpose does not open. */
  readonly purpose: string;
  readonly lifeMs: number;
}

/** Facts that a client keeps for the registry, and can neither read nor change: a JWE (RFC 7516) with A256GCM, with an end. */
export class Sealed {
  readonly #options: SealedOptions;

  constructor(options: SealedOptions) {
    this.#options = options;
  }

  async seal(facts: Readonly<Record<string, string>>, now: number): Promise<string> {
    const { key, purpose, lifeMs } = this.#options;
    return await new EncryptJWT(facts)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setAudience(purpose)
      .setExpirationTime(Math.floor((now + lifeMs) / 1000))
      .encrypt(key);
  }

  /** `undefined` for what this registry did not seal, for another purpose, and after its end. */
  async open(text: string, now: number): Promise<Readonly<Record<string, unknown>> | undefined> {
    const { key, purpose: audience } = this.#options;
    const opened = await jwtDecrypt(text, key, {
      audience,
      currentDate: new Date(now),
      requiredClaims: ['exp'],
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    }).catch(() => undefined);
    return opened?.payload;
  }
}

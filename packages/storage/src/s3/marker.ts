import { RegistryError } from '@mcr/core';
import { getText, listObjects, putObject } from './client/objects.ts';
import type { S3Client } from './client/s3-client.ts';
import { isAbsent, S3Error } from './client/s3-error.ts';
import { isId } from './names.ts';

/** Below the prefix of a store. */
const markerName = 'store-id';
/** What servers say that does not know conditions. */
const unknownCondition = 501;

/**
 * The object that has the id of a store. It is also the canary: while it cannot be read, a blob that seems to be missing is
 * a failure of the storage, and not of the blob.
 */
export class Marker {
  readonly #client: S3Client;
  readonly #prefix: string;
  #id: string | undefined;

  private constructor(client: S3Client, prefix: string, id: string | undefined) {
    this.#client = client;
    this.#prefix = prefix;
    this.#id = id;
  }

  static async open(client: S3Client, prefix: string): Promise<Marker> {
    return new Marker(client, prefix, await readId(client, prefix));
  }

  get id(): string | undefined {
    return this.#id;
  }

  /** Writes an id unless there is one by now, which another process may have written; the one that is there then. */
  async claim(id: string): Promise<string> {
    if (!isId(id)) throw new TypeError(`Cannot name a store "${id}"; use a UUID in lower case`);
    if ((await readId(this.#client, this.#prefix)) === undefined) await this.#write(id);
    const found = await readId(this.#client, this.#prefix);
    if (found === undefined) throw new S3Error(`GET "${this.#prefix}${markerName}": it was written and is not there`);
    this.#id = found;
    return found;
  }

  /** Throws `UNAVAILABLE` when another bucket, or none, is in the place of this one, and an `S3Error` while it cannot be read. */
  async assertInPlace(): Promise<void> {
    if (this.#id === undefined) {
      for await (const _ of listObjects(this.#client, this.#prefix, { limit: 1 })) return;
      return;
    }
    const found = await readId(this.#client, this.#prefix);
    if (found === this.#id) return;
    const message = 'The storage of the registry is not what it was; ask its operator to look at the bucket';
    const cause = new Error(`the bucket has the id ${found ?? '(none)'} instead of ${this.#id}`);
    throw new RegistryError('UNAVAILABLE', message, { cause });
  }

  async #write(id: string): Promise<void> {
    const [key, body] = [this.#prefix + markerName, Buffer.from(`${id}\n`)];
    try {
      await putObject(this.#client, key, body, { headers: { 'if-none-match': '*' } });
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      if (error.status === unknownCondition) return await putObject(this.#client, key, body);
      // Another process was faster.
      if (error.status !== 412 && error.status !== 409) throw error;
    }
  }
}

/** The id of the store below a prefix; `undefined` when it has none. Throws when what is there is no id. */
export async function readId(client: S3Client, prefix: string): Promise<string | undefined> {
  const key = prefix + markerName;
  try {
    const text = (await getText(client, key)).trimEnd();
    if (isId(text)) return text;
    throw new Error(`"${key}" must hold the id of a store; restore it from a backup, or remove it`);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

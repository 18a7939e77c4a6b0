import { createHash, createHmac } from 'node:crypto';

/** What requests are signed with. */
export interface S3Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of credentials that expire. */
  readonly sessionToken?: string;
}

/** A request as far as its signature covers it; `path` is not encoded yet. */
export interface SignedParts {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string | number>>;
}

const algorithm = 'AWS4-HMAC-SHA256';
/** Instead of the hash of a body that is not signed. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD';

/**
 * Signs requests to one region.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export class Signer {
  readonly #region: string;
  #key: { readonly of: string; readonly value: Buffer } | undefined;

  constructor(region: string) {
    this.#region = region;
  }

  /** The target of the request line and all headers. `payload` is the SHA-256 of the body in hex, or `unsignedPayload`. */
  sign(
    { method, host, path, query = {}, headers = {} }: SignedParts,
    payload: string,
    credentials: S3Credentials,
    now = new Date(),
  ): { readonly target: string; readonly headers: Record<string, string | number> } {
    const time = timestamp(now);
    const { sessionToken } = credentials;
    const all: Record<string, string | number> = {
      ...headers,
      host,
      'x-amz-content-sha256': payload,
      'x-amz-date': time,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    };
    const names = Object.keys(all).sort();
    const lines = names.map((name) => `${name}:${String(all[name]).trim()}\n`).join('');
    const [encodedPath, encodedQuery] = [encodePath(path), encodeQuery(query)];
    const canonical = [method, encodedPath, encodedQuery, lines, names.join(';'), payload].join('\n');
    const { scope, signature } = this.#signature(canonical, time, credentials);
    all['authorization'] =
      `${algorithm} Credential=${credentials.accessKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
    return { target: encodedQuery === '' ? encodedPath : `${encodedPath}?${encodedQuery}`, headers: all };
  }

  /**
   * The target of a GET that anyone may send for `expires` seconds.
   * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
   */
  presign(
    { host, path, query = {} }: Omit<SignedParts, 'method' | 'headers'>,
    expires: number,
    credentials: S3Credentials,
    now = new Date(),
  ): string {
    const time = timestamp(now);
    const { sessionToken } = credentials;
    const encodedPath = encodePath(path);
    const encodedQuery = encodeQuery({
      ...query,
      'X-Amz-Algorithm': algorithm,
      'X-Amz-Credential': `${credentials.accessKey}/${this.#scope(time)}`,
      'X-Amz-Date': time,
      'X-Amz-Expires': expires,
      'X-Amz-SignedHeaders': 'host',
      ...(sessionToken !== undefined && { 'X-Amz-Security-Token': sessionToken }),
    });
    const canonical = ['GET', encodedPath, encodedQuery, `host:${host}\n`, 'host', unsignedPayload].join('\n');
    const { signature } = this.#signature(canonical, time, credentials);
    return `${encodedPath}?${encodedQuery}&X-Amz-Signature=${signature}`;
  }

  #scope(time: string): string {
    return `${time.slice(0, 8)}/${this.#region}/s3/aws4_request`;
  }

  #signature(canonical: string, time: string, credentials: S3Credentials) {
    const scope = this.#scope(time);
    const hash = createHash('sha256').update(canonical).digest('hex');
    const text = [algorithm, time, scope, hash].join('\n');
    return { scope, signature: hmac(this.#keyFor(time.slice(0, 8), credentials), text).toString('hex') };
  }

  /** The key of a day is kept: it takes four HMACs. */
  #keyFor(day: string, { accessKey, secretKey }: S3Credentials): Buffer {
    const of = `${day} ${accessKey} ${secretKey}`;
    if (this.#key?.of === of) return this.#key.value;
    const value = [day, this.#region, 's3', 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretKey}`));
    this.#key = { of, value };
    return value;
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** As `20261129T125427Z`. */
function timestamp(now: Date): string {
  return now.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function encodePath(path: string): string {
  return path.split('/').map(encode).join('/');
}

function encodeQuery(query: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(query).map(([name, value]) => [encode(name), encode(String(value))] as const);
  return pairs
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
}

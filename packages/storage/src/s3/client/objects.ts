import { documentOf } from './exchange.ts';
import type { ObjectBody } from './object-body.ts';
import type { S3Client } from './s3-client.ts';
import { isAbsent } from './s3-error.ts';
import { elementsOf, textOf } from './xml.ts';

/** An object as HEAD and lists show it. */
export interface S3Object {
  readonly key: string;
  readonly size: number;
  /** Milliseconds since the epoch; servers round to seconds. */
  readonly modifiedAt: number;
  readonly etag: string;
}

/** Stores an object whole. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export async function putObject(
  client: S3Client,
  key: string,
  body: Uint8Array,
  { sha256, headers = {} }: { readonly sha256?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  await client.document({
    operation: 'put',
    method: 'PUT',
    key,
    body,
    headers: { ...encryptionHeaders(client), ...headers },
    ...(sha256 !== undefined && { sha256 }),
  });
}

/** The headers that ask for encryption: https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html */
export function encryptionHeaders({ options }: S3Client): Readonly<Record<string, string>> {
  const { encryption } = options;
  if (encryption === undefined) return {};
  const { algorithm, kmsKeyId } = encryption;
  return {
    'x-amz-server-side-encryption': algorithm,
    ...(kmsKeyId !== undefined && { 'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyId }),
  };
}

/** The text of a small object. */
export async function getText(client: S3Client, key: string): Promise<string> {
  return await documentOf(await client.call({ operation: 'get', method: 'GET', key }), client.idleMs);
}

/** Begins to read bytes of an object, both ends inclusive; with an ETag, those of the object that has it. */
export async function getObject(
  client: S3Client,
  key: string,
  { start, end, etag }: { readonly start: number; readonly end: number; readonly etag?: string },
): Promise<ObjectBody> {
  const headers = { range: `bytes=${start}-${end}`, ...(etag !== undefined && { 'if-match': etag }) };
  return await client.body({ operation: 'get', method: 'GET', key, headers });
}

/** What is known of an object; `undefined` when there is none. */
export async function headObject(client: S3Client, key: string): Promise<S3Object | undefined> {
  try {
    const response = await client.call({ operation: 'head', method: 'HEAD', key });
    response.resume();
    const { 'content-length': size, 'last-modified': modified = '', etag = '' } = response.headers;
    return { key, size: Number(size), modifiedAt: Date.parse(modified), etag };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Removes an object; nothing happens when there is none. */
export async function deleteObject(client: S3Client, key: string): Promise<void> {
  try {
    await client.document({ operation: 'delete', method: 'DELETE', key });
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/** Objects in order of key, after `after`: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export async function* listObjects(
  client: S3Client,
  prefix: string,
  { after, limit }: { readonly after?: string; readonly limit?: number } = {},
): AsyncGenerator<S3Object, void, void> {
  for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
    const query = {
      'list-type': 2,
      prefix,
      ...(token !== undefined && { 'continuation-token': token }),
      ...(token === undefined && after !== undefined && { 'start-after': after }),
      ...(limit !== undefined && { 'max-keys': limit }),
    };
    const xml = await client.document({ operation: 'list', method: 'GET', key: '', query });
    for (const entry of elementsOf(xml, 'Contents')) yield objectOf(entry);
    if (limit !== undefined) return;
    token = textOf(xml, 'NextContinuationToken');
  }
}

function objectOf(entry: string): S3Object {
  return {
    key: textOf(entry, 'Key') ?? '',
    size: Number(textOf(entry, 'Size')),
    modifiedAt: Date.parse(textOf(entry, 'LastModified') ?? ''),
    etag: textOf(entry, 'ETag') ?? '',
  };
}

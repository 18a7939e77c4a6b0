import { encryptionHeaders, headObject } from './objects.ts';
import { crc32Of, type S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { elementsOf, escapeText, textOf } from './xml.ts';

/** A multipart upload: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
export interface MultipartUpload {
  readonly key: string;
  readonly id: string;
}

/** A part that the server has. */
export interface SentPart {
  readonly etag: string;
  readonly size: number;
  readonly crc32?: string;
}

/** An unfinished upload as a list shows it. */
export interface OpenMultipartUpload extends MultipartUpload {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export async function createMultipart(client: S3Client, key: string): Promise<MultipartUpload> {
  const headers = {
    ...encryptionHeaders(client),
    ...(client.options.checksum === 'crc32' && { 'x-amz-checksum-algorithm': 'CRC32' }),
  };
  const call = { operation: 'create_multipart', method: 'POST', key, query: { uploads: '' }, headers } as const;
  const id = textOf(await client.document(call), 'UploadId');
  if (id === undefined) throw new S3Error(`POST "${key}": the response names no upload`);
  return { key, id };
}

export async function putPart(
  client: S3Client,
  { key, id }: MultipartUpload,
  number: number,
  body: Uint8Array,
): Promise<SentPart> {
  const query = { partNumber: number, uploadId: id };
  const response = await client.call({ operation: 'put_part', method: 'PUT', key, query, body });
  response.resume();
  const { etag } = response.headers;
  if (etag === undefined) throw new S3Error(`PUT "${key}": the response has no ETag for part ${number}`);
  const crc32 = client.options.checksum === 'crc32' ? crc32Of(body) : undefined;
  return { etag, size: body.length, ...(crc32 !== undefined && { crc32 }) };
}

/** Makes an object of the parts. A server that has done it, and whose response was lost, knows the upload no more. */
export async function completeMultipart(
  client: S3Client,
  { key, id }: MultipartUpload,
  parts: readonly SentPart[],
): Promise<void> {
  const entries = parts.map(({ etag, crc32 }, index) => {
    const sum = crc32 === undefined ? '' : `<ChecksumCRC32>${crc32}</ChecksumCRC32>`;
    return `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escapeText(etag)}</ETag>${sum}</Part>`;
  });
  const body = Buffer.from(`<CompleteMultipartUpload>${entries.join('')}</CompleteMultipartUpload>`);
  try {
    const call = { operation: 'complete_multipart', method: 'POST', key, query: { uploadId: id }, body } as const;
    await client.document(call);
  } catch (error) {
    if (!(error instanceof S3Error) || error.code !== 'NoSuchUpload') throw error;
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    if ((await headObject(client, key))?.size !== size) throw error;
  }
}

/** Gives up an upload; nothing happens when it is not there. */
export async function abortMultipart(client: S3Client, { key, id }: MultipartUpload): Promise<void> {
  try {
    await client.document({ operation: 'abort_multipart', method: 'DELETE', key, query: { uploadId: id } });
  } catch (error) {
    if (!(error instanceof S3Error) || error.status !== 404) throw error;
  }
}

export async function* listMultiparts(
  client: S3Client,
  prefix: string,
): AsyncGenerator<OpenMultipartUpload, void, void> {
  for (
    let next: { readonly key: string; readonly id: string } | undefined, first = true;
    first || next;
    first = false
  ) {
    const query = { uploads: '', prefix, ...(next && { 'key-marker': next.key, 'upload-id-marker': next.id }) };
    const xml = await client.document({ operation: 'list_multipart', method: 'GET', key: '', query });
    for (const entry of elementsOf(xml, 'Upload')) {
      const [key = '', id = ''] = [textOf(entry, 'Key'), textOf(entry, 'UploadId')];
      yield { key, id, startedAt: Date.parse(textOf(entry, 'Initiated') ?? '') };
    }
    const isTruncated = textOf(xml, 'IsTruncated') === 'true';
    next = isTruncated
      ? { key: textOf(xml, 'NextKeyMarker') ?? '', id: textOf(xml, 'NextUploadIdMarker') ?? '' }
      : undefined;
  }
}

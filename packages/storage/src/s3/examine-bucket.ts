import { randomUUID } from 'node:crypto';
import { deleteObject, getText, listObjects, putObject } from './client/objects.ts';
import { S3Client, type S3ClientOptions } from './client/s3-client.ts';
import { isFull, S3Error } from './client/s3-error.ts';

/** What keeps a store from working, with the key of the configuration that it is about. */
export interface BucketProblem {
  readonly key: string;
  readonly message: string;
}

/** Signatures are good for 15 minutes; a clock that is off by more than this is not set by a server of time. */
const maxSkewMs = 5_000;
const rights =
  's3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload and s3:ListBucketMultipartUploads';

/**
 * Tries all that a store needs of its bucket, on an object that it removes again. An empty list if it can work; a bucket that
 * is full can, since pulls go on.
 */
export async function examineBucket(
  options: S3ClientOptions & { readonly prefix: string },
): Promise<readonly BucketProblem[]> {
  try {
    await options.credentials();
  } catch (error) {
    return [{ key: 's3.credentials', message: `cannot be read: ${(error as Error).message}` }];
  }
  const client = new S3Client(options);
  try {
    await tryAll(client, options.prefix);
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    if (!isFull(error)) return [explain(error, client)];
  } finally {
    client.close();
  }
  const skew = client.clockSkew ?? 0;
  return Math.abs(skew) > maxSkewMs ? [skewed(skew)] : [];
}

async function tryAll(client: S3Client, prefix: string): Promise<void> {
  const key = `${prefix}probe/${randomUUID()}`;
  for await (const _ of listObjects(client, prefix, { limit: 1 })) break;
  await putObject(client, key, Buffer.from(key));
  try {
    const found = await getText(client, key);
    if (found !== key) throw new S3Error(`GET "${key}": the object has not the bytes that were put there`);
  } finally {
    await deleteObject(client, key);
  }
}

function explain(error: S3Error, { options, clockSkew = 0 }: S3Client): BucketProblem {
  const { bucket, endpoint, region } = options;
  const { status, code } = error;
  if (code === 'RequestTimeTooSkewed' || Math.abs(clockSkew) > maxSkewMs) return skewed(clockSkew);
  if (status === 0) {
    const message = `${endpoint} cannot be used: ${error.message}; check the address, s3.ca_cert and s3.path_style`;
    return { key: 's3.endpoint', message };
  }
  if (status === 301 || code === 'AuthorizationHeaderMalformed' || code === 'IllegalLocationConstraintException') {
    const found =
      error.region === undefined || error.region === region ? 'another region' : `the region "${error.region}"`;
    return { key: 's3.region', message: `the bucket "${bucket}" is in ${found} and not in "${region}"; correct it` };
  }
  // The latter is versitygw's, with 404.
  if (code === 'InvalidAccessKeyId' || code === 'XAdminUserNotFound') {
    return { key: 's3.access_key_file', message: `${endpoint} does not know the access key; correct it` };
  }
  if (code === 'SignatureDoesNotMatch') {
    return { key: 's3.secret_key_file', message: `${endpoint} rejects the signature; correct the secret key` };
  }
  if (code === 'NoSuchBucket' || status === 404) {
    return {
      key: 's3.bucket',
      message: `there is no bucket "${bucket}" at ${endpoint}; create it, or correct the name`,
    };
  }
  if (status === 403) {
    const message = `the access key may not use the bucket "${bucket}" as it must (${error.message}); allow ${rights}`;
    return { key: 's3.bucket', message };
  }
  const message = `${endpoint} does not work with the bucket "${bucket}": ${error.message}; look at the log of the server`;
  return { key: 's3.endpoint', message };
}

function skewed(skew: number): BucketProblem {
  const direction = skew > 0 ? 'behind' : 'ahead of';
  const seconds = Math.round(Math.abs(skew) / 1_000);
  const message = `the clock of this machine is ${seconds} s ${direction} that of the S3 server, which rejects requests of another time; set both by a time server`;
  return { key: 's3.endpoint', message };
}

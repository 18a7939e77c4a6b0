/** What an S3 server has said against a call, or that it has not responded. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  /** HTTP status; 0 where there was no response, or none that counts. */
  readonly status: number;
  /** S3's code, such as `NoSuchKey`. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
  readonly code: string;
  /** The region that the bucket is in, where the server said so. */
  readonly region: string | undefined;
  /** How many bytes the object has, where a range of it was asked for that it does not have. */
  readonly size: number | undefined;

  constructor(
    what: string,
    {
      status = 0,
      code = String(status),
      region,
      size,
      ...options
    }: ErrorOptions & {
      readonly status?: number;
      readonly code?: string;
      readonly region?: string | undefined;
      readonly size?: number | undefined;
    } = {},
  ) {
    super(status === 0 ? what : `${what}: ${status} ${code}`, options);
    this.status = status;
    this.code = code;
    this.region = region;
    this.size = size;
  }

  /** Whether the same call may succeed soon: the server is overloaded, broken, or cannot be reached. */
  get isTransient(): boolean {
    if (isFull(this)) return false;
    return this.status === 0 || this.status >= 500 || transientCodes.has(this.code) || this.status === 429;
  }
}

const transientCodes = new Set([
  'RequestTimeout',
  'SlowDown',
  'InternalError',
  'ServiceUnavailable',
  'OperationAborted',
  // versitygw, while it removes the directory of an object's neighbor.
  'ExistingObjectIsDirectory',
  '408',
]);
const fullCodes = new Set(['InsufficientStorage', 'QuotaExceeded', 'XMinioStorageFull', 'NoSpaceLeft']);

/** Whether the server has no room for more bytes. */
export function isFull({ status, code }: Pick<S3Error, 'status' | 'code'>): boolean {
  return status === 507 || fullCodes.has(code);
}

/** Whether an error says that there is no such object. A bucket that is not there is another thing. */
export function isAbsent(error: unknown): error is S3Error {
  return error instanceof S3Error && error.status === 404 && error.code !== 'NoSuchBucket';
}

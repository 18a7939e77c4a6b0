import type { ConfigProblem } from '../errors.ts';
import { quote } from '../errors.ts';
import type { PartialConfig } from '../read-values.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const leastPart = 5 * 2 ** 20;
const largestPart = 2 ** 30;
/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const longestTtl = 7 * 86_400_000;

/** What is wrong with `[s3]`, which is looked at only with the driver `s3`. */
export function checkS3(config: PartialConfig, reported: ReadonlySet<string>): ConfigProblem[] {
  if (config.storage.driver !== 's3') return [];
  return [
    ...missing(config, reported),
    ...sizes(config.s3),
    ...encryption(config.s3),
    ...(config.s3.redirect ? redirects(config) : []),
  ];
}

function missing({ s3 }: PartialConfig, reported: ReadonlySet<string>): ConfigProblem[] {
  const hasFiles = s3.accessKeyFile !== undefined || s3.secretKeyFile !== undefined;
  const fromFiles = s3.credentials === 'files' || (s3.credentials === undefined && hasFiles);
  const required = {
    's3.endpoint': s3.endpoint,
    's3.bucket': s3.bucket,
    ...(fromFiles && { 's3.access_key_file': s3.accessKeyFile, 's3.secret_key_file': s3.secretKeyFile }),
  };
  const absent = Object.entries(required).filter(([key, value]) => value === undefined && !reported.has(key));
  return absent.map(([key]) => ({
    key,
    message: `is required with storage.driver = "s3"; set it in the file or as ${variableOf(key)}`,
  }));
}

function variableOf(key: string): string {
  return `MCR_${key.replace('.', '_').toUpperCase()}`;
}

function sizes({ partSize, buffers }: PartialConfig['s3']): ConfigProblem[] {
  if (partSize === undefined) return [];
  if (partSize < leastPart || partSize > largestPart) {
    return [{ key: 's3.part_size', message: 'must be from "5MiB", the least that S3 takes, to "1GiB"' }];
  }
  if (buffers === undefined || buffers >= 2 * partSize) return [];
  return [{ key: 's3.buffers', message: 'must have room for two parts; set at least twice s3.part_size' }];
}

function encryption({ serverSideEncryption, kmsKeyId }: PartialConfig['s3']): ConfigProblem[] {
  if (kmsKeyId === undefined || serverSideEncryption === 'aws:kms') return [];
  return [{ key: 's3.kms_key_id', message: 'is used only with s3.server_side_encryption = "aws:kms"; set that, too' }];
}

function redirects({ server, s3, gc }: PartialConfig): ConfigProblem[] {
  const { redirectTtl = 0 } = s3;
  const problems: ConfigProblem[] = [];
  if (redirectTtl > longestTtl)
    problems.push({ key: 's3.redirect_ttl', message: 'must be at most "7d", as S3 has it' });
  if (gc.trashRetention !== undefined && gc.trashRetention < redirectTtl) {
    const message = 'must be longer than s3.redirect_ttl, or a URL would outlast the bytes; leave it out, or set more';
    problems.push({ key: 'gc.trash_retention', message });
  }
  return [...problems, ...hosts(server.publicUrl, s3)];
}

/** Clients written in Go send their token to the same host and to its subdomains, where S3 rejects what has two signatures. */
function hosts(publicUrl: string | undefined, s3: PartialConfig['s3']): ConfigProblem[] {
  const target = s3.publicEndpoint ?? s3.endpoint;
  if (publicUrl === undefined || target === undefined) return [];
  const [registry, host] = [new URL(publicUrl).hostname, new URL(target).hostname];
  if (host !== registry && !host.endsWith(`.${registry}`)) return [];
  const message = `${quote(target)} is on the host of server.public_url or below it, and clients would send it their tokens, which S3 rejects; use another name, or s3.redirect = false`;
  return [{ key: s3.publicEndpoint === undefined ? 's3.endpoint' : 's3.public_endpoint', message }];
}

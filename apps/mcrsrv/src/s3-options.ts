import { readFileSync } from 'node:fs';
import type { S3Section } from '@mcr/config';
import {
  type CredentialsSource,
  chainCredentials,
  environmentCredentials,
  fileCredentials,
  type S3BlobStoreOptions,
} from '@mcr/storage';

/** How the bucket of the configuration is used. Reads the file of authorities. */
export function s3Options(s3: S3Section): S3BlobStoreOptions {
  const { endpoint = '', bucket = '', prefix = '', publicEndpoint, caCert, serverSideEncryption, kmsKeyId } = s3;
  return {
    endpoint,
    bucket,
    prefix,
    region: s3.region,
    pathStyle: s3.pathStyle,
    partSize: s3.partSize,
    buffers: s3.buffers,
    checksum: s3.checksum,
    credentials: credentialsOf(s3),
    ...(publicEndpoint !== undefined && { publicEndpoint }),
    ...(caCert !== undefined && { ca: readFileSync(caCert, 'utf8') }),
    ...(serverSideEncryption !== undefined && {
      encryption: { algorithm: serverSideEncryption, ...(kmsKeyId !== undefined && { kmsKeyId }) },
    }),
  };
}

function credentialsOf({ credentials, accessKeyFile, secretKeyFile, region }: S3Section): CredentialsSource {
  if (credentials === 'chain') return chainCredentials(region);
  const areInFiles = accessKeyFile !== undefined && secretKeyFile !== undefined;
  if (credentials !== 'environment' && areInFiles) return fileCredentials(accessKeyFile, secretKeyFile);
  return environmentCredentials(process.env);
}

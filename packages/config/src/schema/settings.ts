import type { z } from 'zod';
import type { Sections } from './config.ts';
import {
  age,
  bucketName,
  choice,
  count,
  databaseUrl,
  delay,
  filePath,
  flag,
  httpsUrl,
  keyPrefix,
  kmsKeyId,
  listenAddress,
  origin,
  poolSize,
  proxies,
  retention,
  sessionTtl,
  share,
  signInAge,
  size,
  targetAddress,
  timeout,
  tokenTtl,
  urlSafeName,
  words,
  workerCount,
} from './values.ts';

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 3_600 * seconds;
const days = 24 * hours;
const mebibytes = 2 ** 20;

type Settings = {
  [S in keyof Sections]: { [K in keyof Sections[S]]-?: z.ZodType<Sections[S][K]> };
};

/** The parser and default of each key. A schema that has no default and is not optional makes the key required. */
export const settings = {
  server: {
    listenAddr: listenAddress,
    grpcAddr: listenAddress.optional(),
    metricsAddr: listenAddress.optional(),
    tlsCert: filePath,
    tlsKey: filePath,
    publicUrl: origin.optional(),
    trustedProxies: proxies.default([]),
    readTimeout: timeout.default(30 * seconds),
    writeTimeout: timeout.default(0),
    idleTimeout: timeout.default(120 * seconds),
    shutdownTimeout: timeout.default(60 * seconds),
    workers: workerCount.default(1),
    readOnly: flag.default(false),
  },
  database: {
    path: filePath.optional(),
    url: databaseUrl.optional(),
    urlFile: filePath.optional(),
    caCert: filePath.optional(),
    pool: poolSize.default(8),
    statementTimeout: timeout.default(5 * seconds),
  },
  storage: {
    driver: choice(['disk', 's3']).default('disk'),
    layersPath: filePath.optional(),
    uploadsPath: filePath.optional(),
    tagDelete: flag.default(false),
    minFree: share.default({ bytes: 512 * mebibytes }),
    shared: flag.default(false),
  },
  s3: {
    endpoint: origin.optional(),
    publicEndpoint: origin.optional(),
    region: urlSafeName.default('us-east-1'),
    bucket: bucketName.optional(),
    prefix: keyPrefix.optional(),
    credentials: choice(['files', 'environment', 'chain']).optional(),
    accessKeyFile: filePath.optional(),
    secretKeyFile: filePath.optional(),
    pathStyle: flag.default(true),
    caCert: filePath.optional(),
    partSize: size.default(16 * mebibytes),
    buffers: size.default(256 * mebibytes),
    checksum: choice(['sha256', 'crc32']).default('sha256'),
    serverSideEncryption: choice(['AES256', 'aws:kms']).optional(),
    kmsKeyId: kmsKeyId.optional(),
    redirect: flag.default(false),
    redirectMin: size.default(mebibytes),
    redirectTtl: age.default(10 * minutes),
  },
  auth: {
    provider: choice(['mcias', 'local']).default('mcias'),
    signingKeyFile: filePath.optional(),
    tokenTtl: sessionTtl.default(8 * hours),
  },
  mcias: {
    serverUrl: httpsUrl.optional(),
    caCert: filePath.optional(),
    serviceName: urlSafeName.default('mcr'),
    tags: words.default([]),
  },
  tokens: {
    defaultTtl: tokenTtl.default(90 * days),
    maxTtl: tokenTtl.default(366 * days),
    ownerMaxAge: signInAge.default(30 * days),
  },
  policy: {
    default: choice(['open', 'closed']).default('open'),
  },
  gc: {
    gracePeriod: age.default(24 * hours),
    interval: timeout.default(24 * hours),
    uploadTtl: age.default(24 * hours),
    trashRetention: delay.optional(),
  },
  audit: {
    retention: retention.default(0),
    exportPath: filePath.optional(),
  },
  snapshots: {
    keep: count.default(30),
    maxAge: retention.default(30 * days),
    keepUpgrades: count.default(3),
  },
  limits: {
    failedLogins: count.default(5),
    failedLoginsPerAddress: count.default(100),
    requestsPerAddress: count.default(0),
    requestsPerAccount: count.default(0),
    guestRequestsPerAddress: count.default(1_000),
    uploadsPerAccount: count.default(2_000),
    uploadBytesPerAccount: size.default(0),
    tokensPerAccount: count.default(100),
    connectionsPerAddress: count.default(1_024),
  },
  web: {
    listenAddr: listenAddress.default({ host: '127.0.0.1', port: 8080 }),
    metricsAddr: listenAddress.optional(),
    grpcAddr: targetAddress.default({ host: '127.0.0.1', port: 9443 }),
    caCert: filePath.optional(),
    tlsCert: filePath.optional(),
    tlsKey: filePath.optional(),
    publicUrl: origin.optional(),
    trustedProxies: proxies.default([]),
  },
  log: {
    level: choice(['debug', 'info', 'warn', 'error']).default('info'),
  },
} satisfies Omit<Settings, 'gc'> & {
  gc: Omit<Settings['gc'], 'trashRetention'> & { trashRetention: z.ZodType<number | undefined> };
};

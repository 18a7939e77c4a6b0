import type { Address } from '../addresses.ts';
import type { Share } from '../sizes.ts';
import type { OidcSection } from './oidc.ts';
import type { WorkloadSection } from './workload.ts';

/** The configuration of the registry: every key has a value, durations are in milliseconds, paths are absolute. */
export interface Config extends Sections {
  /** One for each `[workload.NAME]`, in the order of the file. */
  readonly workloads: readonly WorkloadSection[];
  /** One for each `[oidc.NAME]`, in the order of the file. */
  readonly oidc: readonly OidcSection[];
}

/** The sections that exist once. */
export interface Sections {
  readonly server: ServerSection;
  readonly database: DatabaseSection;
  readonly storage: StorageSection;
  readonly s3: S3Section;
  readonly auth: AuthSection;
  readonly mcias: MciasSection;
  readonly tokens: TokensSection;
  readonly policy: PolicySection;
  readonly gc: GcSection;
  readonly audit: AuditSection;
  readonly snapshots: SnapshotsSection;
  readonly limits: LimitsSection;
  readonly web: WebSection;
  readonly log: LogSection;
}

/** The part of the same file that mcr-web needs. */
export type WebConfig = Pick<Config, 'limits' | 'web' | 'log'>;

/** `[server]`: the listeners of mcrsrv. */
export interface ServerSection {
  /** HTTPS listener of `/v2` and `/v1`. */
  readonly listenAddr: Address;
  /** Listener of gRPC and Connect; absent if disabled. */
  readonly grpcAddr?: Address;
  /** Listener of Prometheus metrics and probes, plain HTTP; absent if disabled. */
  readonly metricsAddr?: Address;
  readonly tlsCert: string;
  readonly tlsKey: string;
  /** Origin that clients use, without a trailing slash; if present, the only source of realm and Location. */
  readonly publicUrl?: string;
  /** IP addresses and CIDR ranges whose `X-Forwarded-*` headers are trusted. */
  readonly trustedProxies: readonly string[];
  /** Timeout for the headers of a request, not its body; 0 disables it. */
  readonly readTimeout: number;
  /** Timeout for writing a response; 0 disables it. */
  readonly writeTimeout: number;
  /** Timeout of a connection without traffic; 0 disables it. */
  readonly idleTimeout: number;
  /** How long transfers in flight may continue during shutdown. */
  readonly shutdownTimeout: number;
  /** Processes that serve requests; `auto` is one per core. */
  readonly workers: number | 'auto';
  /** Whether every change is rejected, while reads and pulls go on. */
  readonly readOnly: boolean;
}

/** `[database]`: a file of SQLite, or a server of PostgreSQL. */
export interface DatabaseSection {
  /** Present unless the database is in PostgreSQL. */
  readonly path?: string;
  /** Address of a database in PostgreSQL, also where it was read from `urlFile`. */
  readonly url?: string;
  readonly urlFile?: string;
  /** CA that signed the server's certificate; with it the name in the certificate is checked, unless `sslmode` says otherwise. */
  readonly caCert?: string;
  /** Connections to PostgreSQL at most, for each process. */
  readonly pool: number;
  /** Timeout of one statement in PostgreSQL; 0 disables it. */
  readonly statementTimeout: number;
}

/** `[storage]`: both directories are on one device, so that a finished upload is linked and not copied. */
export interface StorageSection {
  /** Where bytes are: in directories, or in the bucket that `[s3]` names. */
  readonly driver: 'disk' | 's3';
  /** Present with the driver `disk`, as `uploadsPath` is. */
  readonly layersPath?: string;
  readonly uploadsPath?: string;
  /** Whether `DELETE` of a manifest by tag removes the tag; otherwise it is rejected with 405. */
  readonly tagDelete: boolean;
  /** Uploads and manifests are rejected if less than this is free, so that everything else keeps working. */
  readonly minFree: Share;
  /** Whether several processes use the directories at the same time. */
  readonly shared: boolean;
}

/** `[s3]`: used with the driver `s3`. */
export interface S3Section {
  /** Scheme, host and port; present with the driver `s3`, as `bucket` is. */
  readonly endpoint?: string;
  /** The same as clients reach it that are redirected; absent means `endpoint`. */
  readonly publicEndpoint?: string;
  readonly region: string;
  readonly bucket?: string;
  /** What all keys begin with, with a slash at its end. */
  readonly prefix?: string;
  /** Where keys come from; absent means from files if these are named, else from the environment. */
  readonly credentials?: 'files' | 'environment' | 'chain';
  readonly accessKeyFile?: string;
  readonly secretKeyFile?: string;
  /** Whether the bucket is in the path of URLs instead of the host name. */
  readonly pathStyle: boolean;
  readonly caCert?: string;
  /** Bytes of a part of a large blob. */
  readonly partSize: number;
  /** Bytes of memory for parts of all uploads of a process. */
  readonly buffers: number;
  readonly checksum: 'sha256' | 'crc32';
  readonly serverSideEncryption?: 'AES256' | 'aws:kms';
  readonly kmsKeyId?: string;
  /** Whether clients get large blobs from the bucket itself. */
  readonly redirect: boolean;
  /** Bytes from which on a blob is large. */
  readonly redirectMin: number;
  /** How long the URL of a blob is valid. */
  readonly redirectTtl: number;
}

/** `[auth]` */
export interface AuthSection {
  readonly provider: 'mcias' | 'local';
  /** Key that all processes of the registry share; absent for the one beside the database, which is created. */
  readonly signingKeyFile?: string;
  /** How long what a login returns is good for, without the quarter of an hour in which an operation may finish. */
  readonly tokenTtl: number;
}

/** `[tokens]`: access tokens. */
export interface TokensSection {
  /** Lifetime of a token that is created without one. */
  readonly defaultTtl: number;
  /** Longest lifetime. */
  readonly maxTtl: number;
  /** How long ago an owner whom an external service knows may have signed in; 0 is no limit. */
  readonly ownerMaxAge: number;
}

/** `[mcias]`: the external identity service. */
export interface MciasSection {
  /** Base URL without a trailing slash; present unless `auth.provider` is `local`. */
  readonly serverUrl?: string;
  readonly caCert?: string;
  /** The name of the registry: at MCIAS, and as `service` of token challenges with either provider. */
  readonly serviceName: string;
  readonly tags: readonly string[];
}

/** `[policy]`: the rules themselves are in the database. */
export interface PolicySection {
  /** What applies where no rule says anything. */
  readonly default: 'open' | 'closed';
}

/** `[gc]` */
export interface GcSection {
  readonly gracePeriod: number;
  /** Time between runs; 0 means only on demand. */
  readonly interval: number;
  readonly uploadTtl: number;
  /** How long bytes stay after nothing refers to them any more. */
  readonly trashRetention: number;
}

/** `[audit]` */
export interface AuditSection {
  /** Events older than this are exported and deleted; 0 keeps them forever. */
  readonly retention: number;
  /** Directory for exported events; absent means `audit` next to the database. */
  readonly exportPath?: string;
}

/** `[snapshots]`: number of database copies to keep; 0 is no limit. The newest is always kept. */
export interface SnapshotsSection {
  readonly keep: number;
  readonly maxAge: number;
  /** Number of copies made by upgrades and restores. */
  readonly keepUpgrades: number;
}

/** `[limits]`: what one client may use; 0 is no limit. */
export interface LimitsSection {
  /** Failed logins of one account from one address, after which each further one doubles the wait. */
  readonly failedLogins: number;
  /** Failed logins in 15 minutes, whatever the accounts. */
  readonly failedLoginsPerAddress: number;
  /** Per minute. */
  readonly requestsPerAddress: number;
  /** Per minute. */
  readonly requestsPerAccount: number;
  /** Requests a minute that guests of one address may make. */
  readonly guestRequestsPerAddress: number;
  /** Concurrently open. */
  readonly uploadsPerAccount: number;
  /** Total bytes of unfinished uploads. */
  readonly uploadBytesPerAccount: number;
  /** Access tokens that have not expired. */
  readonly tokensPerAccount: number;
  /** Concurrently open, on each listener of either program. */
  readonly connectionsPerAddress: number;
}

/** `[web]`: mcr-web. */
export interface WebSection {
  readonly listenAddr: Address;
  /** Listener of Prometheus metrics and probes, plain HTTP; absent if disabled. */
  readonly metricsAddr?: Address;
  /** The gRPC address of mcrsrv. */
  readonly grpcAddr: Address;
  /** CA that signed the server's certificate; absent means the system's. */
  readonly caCert?: string;
  /** Present together with `tlsKey`; without both the UI uses plain HTTP. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly publicUrl?: string;
  /** IP addresses and CIDR ranges whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
}

/** `[log]` */
export interface LogSection {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
}

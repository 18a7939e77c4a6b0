import type { Address } from '../addresses.ts';
import type { Share } from '../sizes.ts';

/** The configuration of the registry: every key has its value, durations are milliseconds, paths are absolute. */
export interface Config {
  readonly server: ServerSection;
  readonly database: DatabaseSection;
  readonly storage: StorageSection;
  readonly auth: AuthSection;
  readonly mcias: MciasSection;
  /** Has no keys yet. */
  readonly policy: Readonly<Record<string, unknown>>;
  readonly gc: GcSection;
  readonly audit: AuditSection;
  readonly snapshots: SnapshotsSection;
  readonly limits: LimitsSection;
  readonly web: WebSection;
  readonly log: LogSection;
}

/** What mcr-web needs of the same file. */
export type WebConfig = Pick<Config, 'limits' | 'web' | 'log'>;

/** `[server]`: the listeners of mcrsrv. */
export interface ServerSection {
  /** HTTPS listener of `/v2` and `/v1`. */
  readonly listenAddr: Address;
  /** Listener of gRPC and Connect; absent means off. */
  readonly grpcAddr?: Address;
  /** Listener of Prometheus metrics and of probes, plain HTTP; absent means off. */
  readonly metricsAddr?: Address;
  readonly tlsCert: string;
  readonly tlsKey: string;
  /** Origin that clients use, without a trailing slash; the only source of realm and Location when present. */
  readonly publicUrl?: string;
  /** IP addresses and CIDR ranges whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Time to read the headers of a request, never its body; 0 is no limit. */
  readonly readTimeout: number;
  /** Time to write a response; 0 is no limit. */
  readonly writeTimeout: number;
  /** Time without a byte in either direction; 0 is no limit. */
  readonly idleTimeout: number;
  /** Time that transfers in flight get to finish when the server stops. */
  readonly shutdownTimeout: number;
}

/** `[database]` */
export interface DatabaseSection {
  readonly path: string;
}

/** `[storage]`: both directories are on one device, so that a finished upload is linked and not copied. */
export interface StorageSection {
  readonly layersPath: string;
  readonly uploadsPath: string;
  /** Whether `DELETE` of a manifest by tag removes the tag; otherwise it is rejected with 405. */
  readonly tagDelete: boolean;
  /** Uploads and manifests are rejected when less than this is free, so that everything else goes on. */
  readonly minFree: Share;
}

/** `[auth]` */
export interface AuthSection {
  readonly provider: 'mcias' | 'local';
}

/** `[mcias]`: the external identity service. */
export interface MciasSection {
  /** Base URL without a trailing slash; present unless `auth.provider` is `local`. */
  readonly serverUrl?: string;
  readonly caCert?: string;
  /** What the registry calls itself: to MCIAS, and as `service` of token challenges with either provider. */
  readonly serviceName: string;
  readonly tags: readonly string[];
}

/** `[gc]` */
export interface GcSection {
  readonly gracePeriod: number;
  /** Time between runs; 0 is only on demand. */
  readonly interval: number;
  readonly uploadTtl: number;
}

/** `[audit]` */
export interface AuditSection {
  /** Events older than this are exported and deleted; 0 keeps them for ever. */
  readonly retention: number;
  /** Directory of what is exported; absent means `audit` beside the database. */
  readonly exportPath?: string;
}

/** `[snapshots]`: how many copies of the database the registry keeps; 0 is no limit. The newest is always kept. */
export interface SnapshotsSection {
  readonly keep: number;
  readonly maxAge: number;
  /** Of the copies that upgrades and restores make. */
  readonly keepUpgrades: number;
}

/** `[limits]`: how much one client may ask for; 0 is no limit. */
export interface LimitsSection {
  /** Of one account from one address, before each further one doubles the wait. */
  readonly failedLogins: number;
  /** In 15 minutes, whatever the accounts. */
  readonly failedLoginsPerAddress: number;
  /** A minute. */
  readonly requestsPerAddress: number;
  /** A minute. */
  readonly requestsPerAccount: number;
  /** Open at a time. */
  readonly uploadsPerAccount: number;
  /** Bytes of the unfinished ones together. */
  readonly uploadBytesPerAccount: number;
  /** Open at a time, on each listener of either program. */
  readonly connectionsPerAddress: number;
}

/** `[web]`: mcr-web. */
export interface WebSection {
  readonly listenAddr: Address;
  /** Listener of Prometheus metrics and of probes, plain HTTP; absent means off. */
  readonly metricsAddr?: Address;
  /** Where mcrsrv listens for gRPC. */
  readonly grpcAddr: Address;
  /** CA that signed the server's certificate; absent means the system's. */
  readonly caCert?: string;
  /** Present together with `tlsKey`, or the UI speaks plain HTTP. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly publicUrl?: string;
  /** IP addresses and CIDR ranges whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
}

/** `[log]` */
export interface LogSection {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
}

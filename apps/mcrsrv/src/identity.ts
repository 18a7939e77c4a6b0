import type { KeyObject } from 'node:crypto';
import {
  CachedIdentity,
  createOutboundFetch,
  FederatedIdentity,
  type IdentityProvider,
  LocalProvider,
  MciasProvider,
  SharedRevocations,
  type Workload,
  WorkloadProvider,
} from '@mcr/auth';
import type { Config } from '@mcr/config';
import type { Clock } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { readAuthorities } from '@mcr/server-kit';
import { trustedAuthorities } from '@mcr/server-kit/authorities';

/** What an identity provider is made of. */
export interface IdentityParts {
  readonly config: Config;
  readonly store: MetadataStore;
  readonly clock: Clock;
  /** Signs local tokens. */
  readonly signingKey: KeyObject;
}

/** The configured identity providers, each behind the cache of validations. */
export async function createIdentity(parts: IdentityParts): Promise<IdentityProvider> {
  const { config, store, clock, signingKey } = parts;
  const accounts = accountProvider(parts);
  if (config.workloads.length === 0) return accounts;
  const { serviceName } = config.mcias;
  const workloads = workloadsOf(config);
  const kinds = [new WorkloadProvider({ workloads, store: store.accounts, signingKey, serviceName, clock })];
  const generation = async () => (await store.coordination.versions()).accounts;
  return new FederatedIdentity(accounts, kinds, { clock, generation });
}

/** The workloads of the configuration, with the way to their issuers. */
export function workloadsOf({ workloads }: Pick<Config, 'workloads'>): readonly Workload[] {
  return workloads.map((workload) => {
    const { name, caCert } = workload;
    const pem = caCert === undefined ? undefined : readAuthorities(`workload.${name}.ca_cert`, caCert);
    return { ...workload, fetch: createOutboundFetch({ caCert: trustedAuthorities(pem) }) };
  });
}

function accountProvider({ config, store, clock, signingKey }: IdentityParts): IdentityProvider {
  const { serverUrl, caCert, serviceName, tags } = config.mcias;
  if (config.auth.provider === 'local') {
    const local = new LocalProvider({ store: store.accounts, signingKey, serviceName, clock });
    // A disabled account or a revoked token changes the version, and with it what was cached.
    return new CachedIdentity(local, { clock, generation: async () => (await store.coordination.versions()).accounts });
  }
  if (serverUrl === undefined) throw new Error('mcias.server_url is not set');
  const ca = trustedAuthorities(caCert === undefined ? undefined : readAuthorities('mcias.ca_cert', caCert));
  const mcias = new MciasProvider({ serverUrl, caCert: ca, serviceName, tags, clock });
  return new SharedRevocations(new CachedIdentity(mcias, { clock }), { store: store.accounts, clock });
}

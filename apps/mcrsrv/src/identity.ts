import type { KeyObject } from 'node:crypto';
import {
  AccessTokenProvider,
  CachedIdentity,
  createOutboundFetch,
  FederatedIdentity,
  type IdentityProvider,
  type KindProvider,
  LocalProvider,
  MciasProvider,
  type PersonProvider,
  SharedRevocations,
  type Workload,
  WorkloadProvider,
} from '@mcr/auth';
import type { Config } from '@mcr/config';
import type { Clock } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { readAuthorities } from '@mcr/server-kit';
import { trustedAuthorities } from '@mcr/server-kit/authorities';
import { notingOwners, tokenOwners } from './services/tokens/owners.ts';

/** What an identity provider is made of. */
export interface IdentityParts {
  readonly config: Config;
  readonly store: MetadataStore;
  readonly clock: Clock;
  /** Signs local tokens. */
  readonly signingKey: KeyObject;
  /** Validates the tokens of people who sign in at a provider (default: there are none). */
  readonly people?: PersonProvider;
}

/** The configured identity providers, each behind the cache of validations. */
export async function createIdentity(parts: IdentityParts): Promise<IdentityProvider> {
  const { config, store, clock, signingKey } = parts;
  const { serviceName } = config.mcias;
  const kinds: KindProvider[] = [accessTokensOf(parts)];
  if (config.workloads.length > 0) {
    const workloads = workloadsOf(config);
    kinds.push(new WorkloadProvider({ workloads, store: store.accounts, signingKey, serviceName, clock }));
  }
  if (parts.people !== undefined) kinds.push(parts.people);
  // A disabled account, a revoked token and a rotated one change the version, and with it what was cached.
  const generation = async () => (await store.coordination.versions()).accounts;
  return new FederatedIdentity(accountProvider(parts), kinds, { clock, generation });
}

function accessTokensOf({ config, store, clock, signingKey }: IdentityParts): AccessTokenProvider {
  const hasLocalAccounts = config.auth.provider === 'local';
  return new AccessTokenProvider({
    store: store.tokens,
    revocations: store.accounts,
    ownerOf: tokenOwners({
      store,
      providers: config.oidc.map(({ name }) => name),
      hasLocalAccounts,
      maxAgeMs: config.tokens.ownerMaxAge,
    }),
    signingKey,
    serviceName: config.mcias.serviceName,
    tokenTtlMs: config.auth.tokenTtl,
    clock,
  });
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
    const { tokenTtl: tokenTtlMs } = config.auth;
    const local = new LocalProvider({ store: store.accounts, signingKey, serviceName, tokenTtlMs, clock });
    // A disabled account or a revoked token changes the version, and with it what was cached.
    return new CachedIdentity(local, { clock, generation: async () => (await store.coordination.versions()).accounts });
  }
  if (serverUrl === undefined) throw new Error('mcias.server_url is not set');
  const ca = trustedAuthorities(caCert === undefined ? undefined : readAuthorities('mcias.ca_cert', caCert));
  const mcias = new MciasProvider({ serverUrl, caCert: ca, serviceName, tags, clock });
  const cached = new SharedRevocations(new CachedIdentity(mcias, { clock }), { store: store.accounts, clock });
  return notingOwners(cached, { store, clock });
}

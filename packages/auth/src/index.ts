export {
  AccessTokenProvider,
  type AccessTokenProviderOptions,
  anyUsername,
  type TokenOwner,
} from './access-token-provider.ts';
export { createSecret, isSecretLike, secretHash, withoutSecrets } from './access-token-secret.ts';
export { CachedIdentity, type CachedIdentityOptions } from './cached-identity.ts';
export { invalidToken, LoginRejection } from './errors.ts';
export { FederatedIdentity, type KindProvider } from './federated-identity.ts';
export type { IdentityProvider, IssuedToken, ValidatedToken, Validation } from './identity-provider.ts';
export { IssuerKeys } from './issuer-keys.ts';
export { type Loaded, LoadingCache, type LoadingCacheOptions } from './loading-cache.ts';
export type { AccountStore } from './local-provider.ts';
export { LocalProvider, type LocalProviderOptions, principalOf } from './local-provider.ts';
export { type MciasOptions, MciasProvider } from './mcias-provider.ts';
export { OidcClient, type SignInChecks } from './oidc-client.ts';
export { createOutboundFetch, type OutboundFetch } from './outbound-fetch.ts';
export { checkPassword, hashesAtOnce, hashingSlots, hashPassword, verifyPassword } from './password.ts';
export { type ClaimMapping, type Person, personOf } from './person-claims.ts';
export { PersonProvider, personPrincipal } from './person-provider.ts';
export { Sealed } from './sealed.ts';
export { SharedRevocations, type SharedRevocationsOptions } from './shared-revocations.ts';
export { deriveSecret, loadOrCreateSigningKey, loadProvidedSigningKey, loadSigningKey } from './signing-key.ts';
export { type Requester, Slots, type SlotsOptions } from './slots.ts';
export { promisedSeconds } from './tokens.ts';
export { type Workload, WorkloadProvider, workloadPrincipal } from './workload-provider.ts';

export { CachedIdentity, type CachedIdentityOptions } from './cached-identity.ts';
export type { IdentityProvider, IssuedToken, ValidatedToken } from './identity-provider.ts';
export type { AccountStore } from './local-provider.ts';
export { LocalProvider, type LocalProviderOptions } from './local-provider.ts';
export { type MciasOptions, MciasProvider } from './mcias-provider.ts';
export { checkPassword, hashesAtOnce, hashingSlots, hashPassword, verifyPassword } from './password.ts';
export { deriveSecret, loadOrCreateSigningKey, loadProvidedSigningKey, loadSigningKey } from './signing-key.ts';
export { type Requester, Slots, type SlotsOptions } from './slots.ts';
export { promisedSeconds } from './tokens.ts';

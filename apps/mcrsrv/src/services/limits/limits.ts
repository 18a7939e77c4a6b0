import type { Clock } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { BodyBytes, type BodyLimits } from '@mcr/server-kit';
import { LoginThrottle } from './login-throttle.ts';
import { RequestRate } from './request-rate.ts';
import { UploadLimits } from './upload-limits.ts';

/** What operators can limit; 0 is no limit. */
export interface LimitSettings {
  readonly failedLogins: number;
  readonly failedLoginsPerAddress: number;
  readonly requestsPerAddress: number;
  readonly requestsPerAccount: number;
  readonly guestRequestsPerAddress: number;
  readonly uploadsPerAccount: number;
  readonly uploadBytesPerAccount: number;
}

/** The limits that are on. All but those of logins count in this process, also where several share a database. */
export interface Limits {
  readonly logins: LoginThrottle | undefined;
  /** By network of the client. */
  readonly addressRequests: RequestRate | undefined;
  /** By UUID of the account. */
  readonly accountRequests: RequestRate | undefined;
  /** Of guests, by network of the client. */
  readonly guestRequests: RequestRate | undefined;
  readonly uploads: UploadLimits;
  /** What is held in memory as a whole; it cannot be switched off. */
  readonly bodies: BodyBytes;
}

/** What limits are made of. */
export interface LimitParts {
  readonly store: MetadataStore;
  readonly clock: Clock;
  /** The same in all processes of the registry. */
  readonly secret: Uint8Array;
  /** What the memory of this process allows. */
  readonly bodies: BodyLimits;
}

/** Makes the limits that the settings ask for. */
export function createLimits(settings: LimitSettings, { store, clock, secret, bodies }: LimitParts): Limits {
  const { failedLogins, failedLoginsPerAddress, requestsPerAddress, requestsPerAccount } = settings;
  const rate = (perMinute: number) => (perMinute === 0 ? undefined : new RequestRate(clock, perMinute));
  return {
    logins:
      failedLogins === 0
        ? undefined
        : new LoginThrottle({
            store,
            clock,
            secret,
            failures: failedLogins,
            failuresPerAddress: failedLoginsPerAddress,
          }),
    addressRequests: rate(requestsPerAddress),
    accountRequests: rate(requestsPerAccount),
    guestRequests: rate(settings.guestRequestsPerAddress),
    uploads: new UploadLimits({
      store,
      clock,
      uploads: settings.uploadsPerAccount,
      bytes: settings.uploadBytesPerAccount,
    }),
    bodies: new BodyBytes(bodies),
  };
}

import type { Clock } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { BodyBytes } from '@mcr/server-kit';
import { LoginThrottle } from './login-throttle.ts';
import { RequestRate } from './request-rate.ts';
import { UploadLimits } from './upload-limits.ts';

/** What operators can limit; 0 is no limit. */
export interface LimitSettings {
  readonly failedLogins: number;
  readonly failedLoginsPerAddress: number;
  readonly requestsPerAddress: number;
  readonly requestsPerAccount: number;
  readonly uploadsPerAccount: number;
  readonly uploadBytesPerAccount: number;
}

/** The limits that are on. All count in this process: what several processes allow together is a multiple. */
export interface Limits {
  readonly logins: LoginThrottle | undefined;
  /** By network of the client. */
  readonly addressRequests: RequestRate | undefined;
  /** By UUID of the account. */
  readonly accountRequests: RequestRate | undefined;
  readonly uploads: UploadLimits;
  /** What is held in memory as a whole; it cannot be switched off. */
  readonly bodies: BodyBytes;
}

/** Makes the limits that the settings ask for. */
export function createLimits(settings: LimitSettings, store: MetadataStore, clock: Clock): Limits {
  const { failedLogins, failedLoginsPerAddress, requestsPerAddress, requestsPerAccount } = settings;
  const rate = (perMinute: number) => (perMinute === 0 ? undefined : new RequestRate(clock, perMinute));
  return {
    logins:
      failedLogins === 0
        ? undefined
        : new LoginThrottle(clock, { failures: failedLogins, failuresPerAddress: failedLoginsPerAddress }),
    addressRequests: rate(requestsPerAddress),
    accountRequests: rate(requestsPerAccount),
    uploads: new UploadLimits({
      store,
      clock,
      uploads: settings.uploadsPerAccount,
      bytes: settings.uploadBytesPerAccount,
    }),
    bodies: new BodyBytes(),
  };
}

import * as z from 'zod';
import { type ClaimCondition, claimConditions } from './claims.ts';
import { filePath, httpsUrl, issuerUrl, roleNames } from './values.ts';

/** `[workload.NAME]`: jobs of a trusted issuer, such as a CI service, that log in with its tokens. */
export interface WorkloadSection {
  readonly name: string;
  /** The `iss` of its tokens, as they spell it. */
  readonly issuer: string;
  /** The `aud` that its tokens have to include. */
  readonly audience: string;
  /** All of them have to hold. */
  readonly conditions: readonly ClaimCondition[];
  /** What policy rules may name, beside `workload:NAME`. */
  readonly roles: readonly string[];
  /** Where the keys of the issuer are; absent if its discovery document says so. */
  readonly jwksUrl?: string | undefined;
  readonly caCert?: string | undefined;
}

/** The keys of a workload as the file has them. */
export const workloadKeys = z.strictObject({
  issuer: issuerUrl,
  audience: z.string({ error: 'must be text in quotes, such as "registry.example.com"' }).min(1, 'must not be empty'),
  conditions: claimConditions,
  roles: roleNames
    .refine((roles) => !roles.includes('admin'), {
      error: 'must not include "admin": jobs are not administrators; use an account or a token for that',
    })
    .default([]),
  jwks_url: httpsUrl.optional(),
  ca_cert: filePath.optional(),
});

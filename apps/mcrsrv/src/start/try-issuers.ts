import { IssuerKeys } from '@mcr/auth';
import type { Config, ConfigProblem } from '@mcr/config';
import { systemClock } from '@mcr/core';
import { workloadsOf } from '../identity.ts';
import { oidcClientOf } from '../sign-ins.ts';

/**
 * Looks at every provider of sign-ins, fetches the keys of every issuer of workloads, and says which cannot be had: a server
 * starts without them, and its other logins work.
 */
export async function issuerWarnings(config: Pick<Config, 'workloads' | 'oidc'>): Promise<readonly ConfigProblem[]> {
  const found = await Promise.all([
    ...config.oidc.map(async (section): Promise<ConfigProblem[]> => {
      try {
        await oidcClientOf(section, systemClock).discover();
        return [];
      } catch (error) {
        const message = `"${section.issuer}" does not respond as a provider: ${reasonOf(error)}; check issuer and ca_cert`;
        return [{ key: `oidc.${section.name}.issuer`, message }];
      }
    }),
    ...workloadsOf(config).map(async (workload): Promise<ConfigProblem[]> => {
      try {
        await new IssuerKeys(workload).reload();
        return [];
      } catch (error) {
        const message = `the keys of "${workload.issuer}" cannot be fetched: ${reasonOf(error)}; check issuer, jwks_url and ca_cert`;
        return [{ key: `workload.${workload.name}.issuer`, message }];
      }
    }),
  ]);
  return found.flat();
}

/** The innermost cause: the outer ones say only that it is unavailable. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  return error instanceof AggregateError ? reasonOf(error.errors[0]) : error.message;
}

import { resolve } from 'node:path';
import type * as z from 'zod';
import type { ConfigProblem } from './errors.ts';
import type { Sources } from './read-sources.ts';
import { type OidcSection, oidcKeys } from './schema/oidc.ts';
import { type WorkloadSection, workloadKeys } from './schema/workload.ts';
import { closest } from './suggest.ts';

/** The sections that have a name, and the problems of those that are left out. */
export interface NamedSections {
  readonly workloads: readonly WorkloadSection[];
  readonly oidc: readonly OidcSection[];
  readonly problems: readonly ConfigProblem[];
}

/** Names are part of audit events and of the names of accounts. */
const sectionName = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Reads the sections such as `[workload.NAME]`, which only the file can have. */
export function readNamed({ named, directory }: Pick<Sources, 'named' | 'directory'>): NamedSections {
  const problems: ConfigProblem[] = [];
  const pathOf = (path: string | undefined) => (path === undefined ? undefined : resolve(directory, path));
  const workloads = readTables('workload', named.workload, workloadKeys, problems).map(
    ([name, { jwks_url: jwksUrl, ca_cert: caCert, ...keys }]) => ({ name, ...keys, jwksUrl, caCert: pathOf(caCert) }),
  );
  const oidc = readTables('oidc', named.oidc, oidcKeys, problems).map(([name, keys]) => ({
    name,
    title: keys.title ?? name,
    issuer: keys.issuer,
    clientId: keys.client_id,
    clientSecretFile: pathOf(keys.client_secret_file),
    redirectUrl: keys.redirect_url,
    scopes: keys.scopes,
    usernameClaim: keys.username_claim,
    require: keys.require,
    roles: keys.roles,
    defaultRoles: keys.default_roles,
    caCert: pathOf(keys.ca_cert),
  }));
  return { workloads, oidc, problems };
}

function readTables<T extends z.ZodObject>(
  section: string,
  tables: Readonly<Record<string, unknown>>,
  schema: T,
  problems: ConfigProblem[],
): (readonly [name: string, keys: z.infer<T>])[] {
  return Object.entries(tables).flatMap(([name, table]) => {
    const key = `${section}.${sectionName.test(name) ? name : JSON.stringify(name.slice(0, 64))}`;
    if (!sectionName.test(name)) {
      problems.push({ key, message: 'is not a name; use at most 64 of a-z 0-9 . _ -' });
      return [];
    }
    const { success, data, error } = schema.safeParse(table);
    if (success) return [[name, data] as const];
    problems.push(...error.issues.flatMap((issue) => problemsOf(key, table, issue, Object.keys(schema.shape))));
    return [];
  });
}

function problemsOf(
  section: string,
  table: unknown,
  issue: z.core.$ZodIssue,
  known: readonly string[],
): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => {
      const suggestion = closest(name, known);
      const hint = suggestion === undefined ? `the keys here are ${known.join(', ')}` : `did you mean ${suggestion}?`;
      return { key: `${section}.${name}`, message: `is not a known key; ${hint}` };
    });
  }
  const key = [section, ...issue.path].join('.');
  const [name = ''] = issue.path;
  const isTable = typeof table === 'object' && table !== null;
  if (!isTable) return [{ key: section, message: `must be a section; write [${section}] on a line of its own` }];
  return [{ key, message: issue.path.length === 1 && !Object.hasOwn(table, name) ? 'is required' : issue.message }];
}

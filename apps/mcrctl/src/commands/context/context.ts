import type { Field } from '../../output/field.ts';
import { contextName, type Profile, type Profiles } from '../../settings/profiles.ts';
import { contextNotFound } from '../../settings/required.ts';

/** A stored login, without its token. */
export interface Context {
  readonly name: string;
  readonly current: boolean;
  readonly server: string;
  readonly username: string | undefined;
  readonly expires_at: string | undefined;
  readonly grpc: string | undefined;
  readonly ca_cert: string | undefined;
}

/** Fields of a context. */
export const contextFields: readonly Field<Context>[] = [
  { name: 'name', column: 'NAME', describe: 'Name', reference: ({ name }) => name },
  {
    name: 'current',
    kind: 'flag',
    column: 'IN USE',
    tones: { yes: 'green' },
    describe: 'Whether it is the one in use',
  },
  { name: 'server', column: 'REGISTRY', describe: 'URL of the registry' },
  { name: 'username', column: 'ACCOUNT', none: 'logged out', describe: 'Name of the account; null after logout' },
  { name: 'expires_at', kind: 'time', column: 'LOGIN ENDS', describe: 'Expiry of the login; null after logout' },
  { name: 'grpc', column: 'GRPC', wide: true, describe: 'gRPC address; null: port 9443 of the same host' },
  { name: 'ca_cert', column: 'CA', wide: true, describe: "Path of the CA's certificate; null: those of the system" },
];

/** The positional argument of commands on a context. */
export const contextArgument = {
  name: { describe: 'Name, as mcrctl context list shows it', complete: 'context' },
} as const;

/** A profile, as it is shown. */
export function toContext(profile: Profile, current: string | undefined): Context {
  const { server, username, expires_at, grpc, ca_cert } = profile;
  const name = contextName(profile);
  return { name, current: name === current, server, username, expires_at, grpc, ca_cert };
}

/** The profile of a context. Throws a CliError if there is none. */
export function findContext(profiles: Profiles, name: string): Profile {
  const profile = profiles.read(name);
  if (profile !== undefined) return profile;
  throw contextNotFound(name);
}

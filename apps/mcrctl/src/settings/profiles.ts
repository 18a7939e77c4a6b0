import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { CliError } from '../cli/errors.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** The stored login of one registry. */
export interface Profile {
  /** Origin; the token is only for this server. */
  readonly server: string;
  readonly grpc?: string;
  /** Absolute path. */
  readonly ca_cert?: string;
  readonly username?: string;
  readonly token?: string;
  /** RFC 3339. */
  readonly expires_at?: string;
}

/** The profiles of a user: one file per registry, and one that names the registry of the last login. */
export interface Profiles {
  /** Origin of the default registry. */
  current(): string | undefined;
  read(server: string): Profile | undefined;
  save(profile: Profile): void;
  /** Makes a registry the default. */
  select(server: string): void;
  pathOf(server: string): string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Profiles below `$XDG_CONFIG_HOME/mcrctl`. The methods throw a CliError for unusable files. Without a home directory,
 * as in a bare container, there are no profiles; `findHome` is called if the environment has none.
 */
export function openProfiles(env: Env, findHome: () => string | undefined = homeOfAccount): Profiles {
  const home = configHome(env, findHome);
  if (home === undefined) return homeless;
  const directory = join(home, 'mcrctl');
  const currentPath = join(directory, 'current');
  const pathOf = (server: string): string => join(directory, 'profiles', `${fileName(server)}.json`);
  return {
    current() {
      const server = readPrivateFile(currentPath)?.trim();
      if (server === undefined || URL.parse(server)?.origin === server) return server;
      throw new CliError(`${currentPath} does not name a registry`, { hint: 'remove it, or log in again' });
    },
    read(server) {
      const path = pathOf(server);
      const text = readPrivateFile(path);
      return text === undefined ? undefined : parseProfile(text, path, server);
    },
    save: (profile) => writePrivateFile(pathOf(profile.server), `${JSON.stringify(profile, null, 2)}\n`),
    select: (server) => writePrivateFile(currentPath, `${server}\n`),
    pathOf,
  };
}

/** A relative XDG_CONFIG_HOME is ignored (XDG base directory specification). */
function configHome({ XDG_CONFIG_HOME: configured, HOME }: Env, findHome: () => string | undefined) {
  if (configured && isAbsolute(configured)) return configured;
  const home = HOME || findHome();
  return home === undefined ? undefined : join(home, '.config');
}

/** Node throws for a user that the system does not know. */
function homeOfAccount(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

const homeless: Profiles = {
  current: () => undefined,
  read: () => undefined,
  save: noHome,
  select: noHome,
  pathOf: () => '',
};

function noHome(): never {
  throw new CliError('no home directory to store the login in', {
    hint: 'set XDG_CONFIG_HOME to a persistent directory, or set MCR_TOKEN instead of logging in',
  });
}

/** `host_port`; a port has no underscore, so that no two registries share a file. */
function fileName(server: string): string {
  const { hostname, port } = new URL(server);
  return `${hostname}_${port || '443'}`;
}

function parseProfile(text: string, path: string, server: string): Profile {
  try {
    const profile = JSON.parse(text) as Profile;
    if (profile.server === server) return profile;
  } catch {
    // Reported below.
  }
  throw new CliError(`invalid profile ${path}`, {
    hint: `remove it, then run: mcrctl login --server ${server}`,
  });
}

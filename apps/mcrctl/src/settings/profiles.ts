import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { UsageError } from '@mcr/cli';
import { CliError, usageError } from '../cli/errors.ts';
import { readPrivateFile, removePrivateFile, writePrivateFile } from './private-file.ts';

/** The stored login of one registry. */
export interface Profile {
  /** Origin; the token is only for this server. */
  readonly server: string;
  /** Name, if it is not the host of the server. */
  readonly context?: string;
  readonly grpc?: string;
  /** Absolute path. */
  readonly ca_cert?: string;
  readonly username?: string;
  readonly token?: string;
  /** RFC 3339. */
  readonly expires_at?: string;
}

/** What identifies a profile. */
type Identified = Pick<Profile, 'server' | 'context'>;

/** The profiles of a user: one file per context, and one that names the context in use. */
export interface Profiles {
  /** Name of the context in use. */
  current(): string | undefined;
  /** All, by name. */
  list(): readonly Profile[];
  /** The profile of a context; throws a usage error for an invalid name. */
  read(name: string): Profile | undefined;
  /** The profile to use for a server: the one in use, or the first of the others. */
  ofServer(server: string): Profile | undefined;
  save(profile: Profile): void;
  /** Makes a context the one in use. */
  select(profile: Identified): void;
  /** Forgets a context. */
  remove(profile: Identified): void;
  pathOf(profile: Identified): string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Not the name of a file that is named after a server, which has an underscore. */
const givenName = /^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/;

/** Whether a context may have this name without being that of a server. */
export function isGivenName(name: string): boolean {
  return givenName.test(name);
}

/** The error for a name that no context can have. */
export function invalidName(name: string): UsageError {
  return usageError(`invalid context name "${name}"`, 'use letters, digits, dots and hyphens');
}

/** The name of a context: that which login was given, or the host of its server, with its port unless that is 443. */
export function contextName({ context, server }: Identified): string {
  return context ?? new URL(server).host;
}

/**
 * Profiles below `$XDG_CONFIG_HOME/mcrctl`. The methods throw a CliError for unusable files. Without a home directory,
 * as in a bare container, there are no profiles; `findHome` is called if the environment has none.
 */
export function openProfiles(env: Env, findHome: () => string | undefined = homeOfAccount): Profiles {
  const home = configHome(env, findHome);
  if (home === undefined) return homeless;
  const directory = join(home, 'mcrctl', 'profiles');
  const currentPath = join(home, 'mcrctl', 'current');
  const pathOf = ({ server, context }: Identified): string => join(directory, `${context ?? fileName(server)}.json`);
  const load = (path: string, about: Partial<Identified>): Profile | undefined => {
    const text = readPrivateFile(path);
    return text === undefined ? undefined : parseProfile(text, path, about);
  };
  const profiles: Profiles = {
    current() {
      const text = readPrivateFile(currentPath)?.trim();
      if (text === undefined || isGivenName(text)) return text;
      // The contexts that have no other name are stored by their servers.
      if (URL.parse(text)?.origin === text) return contextName({ server: text });
      throw new CliError(`${currentPath} does not name a registry`, { hint: 'remove it, or log in again' });
    },
    list() {
      const files = listFiles(directory).filter((file) => file.endsWith('.json'));
      const found = files.map((file) => load(join(directory, file), {})).filter((profile) => profile !== undefined);
      return found.toSorted((a, b) => (contextName(a) < contextName(b) ? -1 : 1));
    },
    read(name) {
      const server = serverNamed(name);
      const isGiven = isGivenName(name);
      if (server === undefined && !isGiven) throw invalidName(name);
      const given = isGiven ? load(join(directory, `${name}.json`), { context: name }) : undefined;
      return given ?? (server === undefined ? undefined : load(pathOf({ server }), { server }));
    },
    ofServer(server) {
      const current = profiles.current();
      const inUse = current === undefined ? undefined : profiles.read(current);
      if (inUse?.server === server) return inUse;
      return load(pathOf({ server }), { server }) ?? profiles.list().find((profile) => profile.server === server);
    },
    save: (profile) => writePrivateFile(pathOf(profile), `${JSON.stringify(profile, null, 2)}\n`),
    select: ({ context, server }) => writePrivateFile(currentPath, `${context ?? server}\n`),
    remove(profile) {
      removePrivateFile(pathOf(profile));
      if (profiles.current() === contextName(profile)) removePrivateFile(currentPath);
    },
    pathOf,
  };
  return profiles;
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
  list: () => [],
  read: () => undefined,
  ofServer: () => undefined,
  save: noHome,
  select: noHome,
  remove: noHome,
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

/** The server that a context is named after, if it can be one. */
export function serverNamed(name: string): string | undefined {
  const url = URL.parse(`https://${name}`);
  return url?.host === name ? url.origin : undefined;
}

function listFiles(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new CliError(`cannot read ${directory}: ${message}`, { hint: 'check its permissions', cause: error });
  }
}

/** A profile must be that of the server or the context that its file is named after. */
function parseProfile(text: string, path: string, { server, context }: Partial<Identified>): Profile {
  try {
    const profile = JSON.parse(text) as Profile;
    const isValid = URL.parse(profile.server)?.origin === profile.server;
    const isMeant =
      context === undefined ? server === undefined || profile.server === server : profile.context === context;
    if (isValid && isMeant) return profile;
  } catch {
    // Reported below.
  }
  const login = server === undefined ? 'mcrctl login' : `mcrctl login --server ${server}`;
  throw new CliError(`invalid profile ${path}`, { hint: `remove it, then run: ${login}` });
}

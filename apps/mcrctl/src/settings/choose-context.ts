import { usageError } from '../cli/errors.ts';
import { contextName, invalidName, isGivenName, type Profile, type Profiles, serverNamed } from './profiles.ts';
import { type Setting, unset } from './setting.ts';

/** Which login is used, for which server. */
interface Chosen {
  readonly context: Setting;
  readonly server: Setting;
  readonly profile: Profile | undefined;
}

/**
 * Chooses the profile by the given context, else by the given server, else the one in use. A flag takes precedence over a
 * variable. Throws a usage error if context and server exclude each other.
 */
export function chooseContext(profiles: Profiles, named: Setting | undefined, addressed: Setting | undefined): Chosen {
  const profile = named?.value === undefined ? undefined : profiles.read(named.value);
  const fits = profile === undefined || addressed === undefined || profile.server === addressed.value;
  if (named === undefined || (!fits && named.source === 'environment' && addressed.source === 'flag')) {
    return withoutName(profiles, addressed);
  }
  if (!fits && !(named.source === 'flag' && addressed.source === 'environment')) {
    throw usageError(
      `the context ${named.value} is for ${profile.server}, not for ${addressed.value}`,
      `omit ${addressed.from}, or use another name in ${named.from}`,
    );
  }
  const { value: name = '' } = named;
  if (profile === undefined && addressed?.value !== undefined && !isGivenName(name)) {
    if (contextName({ server: addressed.value }) !== name) throw invalidName(name);
  }
  if (profile === undefined) return { context: named, server: addressed ?? unset, profile };
  const server = fits && addressed !== undefined ? addressed : fromProfile(profiles, profile, profile.server);
  return { context: named, server, profile };
}

function withoutName(profiles: Profiles, addressed: Setting | undefined): Chosen {
  if (addressed?.value !== undefined) {
    const profile = profiles.ofServer(addressed.value);
    const context = profile === undefined ? unset : fromProfile(profiles, profile, contextName(profile));
    return { context, server: addressed, profile };
  }
  const name = profiles.current();
  if (name === undefined) return { context: unset, server: unset, profile: undefined };
  const profile = profiles.read(name);
  const server = profile?.server ?? serverNamed(name);
  if (server === undefined) return { context: unset, server: unset, profile };
  const from = profile ?? { server };
  return { context: fromProfile(profiles, from, name), server: fromProfile(profiles, from, server), profile };
}

function fromProfile(profiles: Profiles, profile: Pick<Profile, 'server' | 'context'>, value: string): Setting {
  return { value, source: 'profile', from: profiles.pathOf(profile) };
}

import { resolve } from 'node:path';
import type { GlobalArguments } from '../cli/global-options.ts';
import { parseAddress, usualGrpcAddress } from './address.ts';
import { chooseContext } from './choose-context.ts';
import { openProfiles, type Profile, type Profiles } from './profiles.ts';
import { type Setting, unset } from './setting.ts';

/** All settings that determine which registry is used, and how. */
export interface Settings {
  /** Name of the profile that is used, or that login is to make. */
  readonly context: Setting;
  /** Origin. */
  readonly server: Setting;
  /** Origin. */
  readonly grpc: Setting;
  /** Absolute path of a PEM file. */
  readonly caCert: Setting;
  readonly token: Setting;
  /** As given. */
  readonly timeout: Setting;
  /** The stored login of the server. */
  readonly profile: Profile | undefined;
  readonly profiles: Profiles;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Of one request and its response. */
const defaultTimeout = '30s';

/** Resolves all settings: flag, else environment, else profile, else default. Throws a CliError. */
export function resolveSettings(args: GlobalArguments, env: Env): Settings {
  const profiles = openProfiles(env);
  const given = (flag: string, value: string | undefined, variable: string): Setting | undefined => {
    if (value) return { value, source: 'flag', from: flag };
    return env[variable] ? { value: env[variable], source: 'environment', from: variable } : undefined;
  };
  const named = given('--context', args.context, 'MCR_CONTEXT');
  const addressed = given('--server', args.server, 'MCR_SERVER');
  const { context, server, profile } = chooseContext(profiles, named, addressed && addressOf(addressed));
  const remembered = (value: string | undefined): Setting | undefined =>
    value && profile ? { value, source: 'profile', from: profiles.pathOf(profile) } : undefined;

  return {
    context,
    server,
    grpc: addressOf(given('--grpc', args.grpc, 'MCR_GRPC') ?? remembered(profile?.grpc) ?? usualGrpc(server)),
    caCert: absolute(given('--ca-cert', args.caCert, 'MCR_CA_CERT') ?? remembered(profile?.ca_cert) ?? unset),
    token: given('--token', args.token, 'MCR_TOKEN') ?? remembered(profile?.token) ?? unset,
    timeout: args.timeout
      ? { value: args.timeout, source: 'flag', from: '--timeout' }
      : { ...unset, value: defaultTimeout },
    profile,
    profiles,
  };
}

function usualGrpc({ value }: Setting): Setting {
  return value === undefined ? unset : { ...unset, value: usualGrpcAddress(value) };
}

function addressOf(setting: Setting): Setting {
  if (setting.value === undefined) return setting;
  return { ...setting, value: parseAddress(setting.value, setting.from || 'the address') };
}

function absolute(setting: Setting): Setting {
  return setting.value === undefined ? setting : { ...setting, value: resolve(setting.value) };
}

import { resolve } from 'node:path';
import { ConfigError, type ConfigProblem } from './errors.ts';
import type { Sources } from './read-sources.ts';
import type { Sections } from './schema/config.ts';
import { type SectionName, type SettingKey, settingKeys } from './schema/keys.ts';

/** A configuration without the values that are missing or invalid. */
export type PartialConfig = { readonly [S in keyof Sections]: Partial<Sections[S]> };

/** The values of the given sections, and the problems of the others. */
export interface ReadValues {
  readonly config: PartialConfig;
  readonly problems: readonly ConfigProblem[];
}

/** Validates each key of the sections. An empty string is the same as omitting the key. */
export function readValues(sources: Sources, sections: readonly SectionName[]): ReadValues {
  const config: Record<SectionName, Record<string, unknown>> = {
    server: {},
    database: {},
    storage: {},
    s3: {},
    auth: {},
    mcias: {},
    tokens: {},
    policy: {},
    gc: {},
    audit: {},
    snapshots: {},
    limits: {},
    web: {},
    log: {},
  };
  const problems: ConfigProblem[] = [];
  for (const setting of settingKeys.filter(({ section }) => sections.includes(section))) {
    const result = readValue(setting, sources);
    if (result.messages) problems.push(...result.messages.map((message) => ({ key: setting.name, message })));
    else if (result.value !== undefined) config[setting.section][setting.property] = result.value;
  }
  return { config, problems };
}

function readValue(setting: SettingKey, { file, overrides, directory }: Sources) {
  const overridden = overrides.has(setting.name);
  const given = overridden ? overrides.get(setting.name) : file.get(setting.name);
  const input = given === '' ? undefined : given;
  const { success, data, error } = setting.schema.safeParse(input);
  if (success) {
    const value = setting.kind === 'path' && typeof data === 'string' ? resolve(directory, data) : data;
    return { value };
  }
  if (input === undefined) {
    return { messages: [`is required; set it in the file or as ${setting.variable}`] };
  }
  const origin = overridden ? ` (from ${setting.variable})` : '';
  return { messages: error.issues.map(({ message }) => `${message}${origin}`) };
}

/**
 * Without problems, no value of the sections that were read is missing.
 * @throws ConfigError with the problems, if there are any
 */
export function assertUsable<S extends keyof Sections>(
  config: PartialConfig,
  problems: readonly ConfigProblem[],
): asserts config is PartialConfig & Pick<Sections, S> {
  if (problems.length > 0) throw new ConfigError(problems);
}

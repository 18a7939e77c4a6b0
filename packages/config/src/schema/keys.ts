import * as z from 'zod';
import type { Sections } from './config.ts';
import { settings } from './settings.ts';
import { filePath, flag, proxies, words } from './values.ts';

/** All sections, in the order of the documentation. */
export const sectionNames = [
  'server',
  'database',
  'storage',
  's3',
  'auth',
  'mcias',
  'tokens',
  'policy',
  'gc',
  'audit',
  'snapshots',
  'limits',
  'web',
  'log',
] as const satisfies readonly (keyof Sections)[];

/** Sections that exist once for each name, such as `[workload.NAME]`. */
export const namedSections = ['workload', 'oidc'] as const;

/** The tables of one named section by their name. */
export type NamedTables = Readonly<Record<(typeof namedSections)[number], Readonly<Record<string, unknown>>>>;

/** A section of the file. */
export type SectionName = (typeof sectionNames)[number];

/** One configuration key, with each of its names. */
export interface SettingKey {
  readonly section: SectionName;
  /** The property of the section in `Config`, such as `listenAddr`. */
  readonly property: string;
  /** Name in the file, such as `listen_addr`. */
  readonly key: string;
  /** Name in messages, such as `server.listen_addr`. */
  readonly name: string;
  /** The variable that overrides it, such as `MCR_SERVER_LISTEN_ADDR`. */
  readonly variable: string;
  readonly schema: z.ZodType;
  /** How to parse a variable's text, and whether the value is a path. */
  readonly kind: 'text' | 'flag' | 'list' | 'path';
}

/** All keys. */
export const settingKeys: readonly SettingKey[] = sectionNames.flatMap((section) =>
  Object.entries<z.ZodType>(settings[section]).map(([property, schema]) => {
    const key = property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return {
      section,
      property,
      key,
      name: `${section}.${key}`,
      variable: `MCR_${section}_${key}`.toUpperCase(),
      schema,
      kind: kindOf(schema),
    };
  }),
);

function kindOf(schema: z.ZodType): SettingKey['kind'] {
  const value = schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (value === filePath) return 'path';
  if (value === flag) return 'flag';
  return value === proxies || value === words ? 'list' : 'text';
}

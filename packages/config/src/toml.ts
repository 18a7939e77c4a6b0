import { parse, TomlError } from 'smol-toml';
import { ConfigError, type ConfigProblem, quote } from './errors.ts';
import { type NamedTables, namedSections, sectionNames, settingKeys } from './schema/keys.ts';
import { closest } from './suggest.ts';

/** The part of the configuration that is set in the file. */
export interface FileValues {
  /** Values by key name, such as `server.listen_addr`, as TOML values. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly named: NamedTables;
  readonly problems: readonly ConfigProblem[];
}

type Table = Readonly<Record<string, unknown>>;

const knownNames: ReadonlySet<string> = new Set(settingKeys.map(({ name }) => name));
const knownSections: ReadonlySet<string> = new Set(sectionNames);

/**
 * Reads the text of a configuration file.
 * @throws ConfigError if it is not TOML
 */
export function readToml(text: string, fileName: string): FileValues {
  const values = new Map<string, unknown>();
  const problems: ConfigProblem[] = [];
  const file = parseToml(text, fileName);
  const named = namedTables(file);
  for (const [section, table] of Object.entries(file)) {
    if (Object.hasOwn(named, section) && isTable(table)) continue;
    if (!knownSections.has(section) || !isTable(table)) {
      problems.push(rejectTopLevel(section, table));
      continue;
    }
    for (const [key, value] of Object.entries(table)) {
      const name = `${section}.${key}`;
      if (knownNames.has(name)) values.set(name, value);
      else
        problems.push({ key: `${section}.${bare(key)}`, message: `is not a known key; ${hintForKey(section, key)}` });
    }
  }
  return { values, named, problems };
}

function namedTables(file: Table): NamedTables {
  const tables = namedSections.map((section) => [section, isTable(file[section]) ? file[section] : {}] as const);
  return Object.fromEntries(tables) as NamedTables;
}

function parseToml(text: string, fileName: string): Table {
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The rest of the parser's message is an excerpt of the file.
    const reason = error.message.split('\n', 1)[0]?.replace(/^Invalid TOML document: /, '');
    const message = `is not valid TOML: line ${error.line}, column ${error.column}: ${reason}`;
    throw new ConfigError([{ key: fileName, message }], { cause: error });
  }
}

function rejectTopLevel(name: string, value: unknown): ConfigProblem {
  if (namedSections.some((section) => section === name)) {
    return { key: name, message: `must be sections with a name, such as [${name}.example]` };
  }
  if (knownSections.has(name)) {
    return { key: name, message: `must be a section; write [${name}] on a line of its own, once` };
  }
  if (isTable(value) || Array.isArray(value)) {
    const suggestion = closest(name, [...sectionNames, ...namedSections]);
    const hint = suggestion
      ? `did you mean [${suggestion}]?`
      : `the sections are ${[...sectionNames, ...namedSections].join(', ')}`;
    return { key: `[${bare(name)}]`, message: `is not a known section; ${hint}` };
  }
  return { key: bare(name), message: `is not in a section; ${hintForKey('', name)}` };
}

/** Suggests the key that was meant: a similar one of this section, or one of another section. */
function hintForKey(section: string, key: string): string {
  const inSection = settingKeys.filter((setting) => setting.section === section).map((setting) => setting.key);
  const misspelled = closest(key, inSection);
  if (misspelled) return `did you mean ${section}.${misspelled}?`;
  const elsewhere = settingKeys.find((setting) => setting.key === key);
  if (elsewhere) return `did you mean ${elsewhere.name}?`;
  if (section === '') return 'put it below a [section] line';
  return inSection.length > 0 ? `the keys here are ${inSection.join(', ')}` : `[${section}] has no keys; remove it`;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A key that is quoted in TOML may contain any characters, so it is quoted in messages too. */
function bare(key: string): string {
  return /^[\w-]{1,100}$/.test(key) ? key : quote(key);
}

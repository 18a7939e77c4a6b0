import type { ConfigFacts, ManifestFacts } from '../manifest/read-manifest.ts';

/** A value that only one has, or that differs. */
export interface ValueChange {
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
}

/** What became of named values. */
export interface Changes {
  readonly changed: readonly ValueChange[];
  /** How many are equal. */
  readonly equal: number;
}

/** The parts of a configuration that are compared. */
export interface ConfigChanges {
  readonly fields: Changes;
  readonly env: Changes;
  readonly labels: Changes;
  readonly annotations: Changes;
}

type Values = ReadonlyMap<string, string>;

/** What became of the configuration and the annotations. */
export function configChanges(from: ManifestFacts, to: ManifestFacts): ConfigChanges {
  const none: Values = new Map();
  return {
    fields: changesOf(fieldsOf(from.config), fieldsOf(to.config)),
    env: changesOf(envOf(from.config), envOf(to.config)),
    labels: changesOf(from.config?.labels ?? none, to.config?.labels ?? none),
    annotations: changesOf(from.annotations, to.annotations),
  };
}

/** Which values differ: those of the second in its order, then those that only the first has. */
export function changesOf(from: Values, to: Values): Changes {
  const changed: ValueChange[] = [];
  for (const [name, value] of to) {
    const old = from.get(name);
    if (old !== value) changed.push({ name, ...(old !== undefined && { from: old }), to: value });
  }
  const equal = to.size - changed.length;
  for (const [name, old] of from) if (!to.has(name)) changed.push({ name, from: old });
  return { changed, equal };
}

function fieldsOf(config: ConfigFacts | undefined): Values {
  if (config === undefined) return new Map();
  const run = [...config.run].filter(([name]) => name !== 'Env');
  const fields = run.map(([name, values]) => [name, values.join(' ')] as const);
  return new Map([...fields, ...(config.platform === '' ? [] : [['Platform', config.platform] as const])]);
}

function envOf(config: ConfigFacts | undefined): Values {
  const variables = config?.run.get('Env') ?? [];
  return new Map(
    variables.map((text) => {
      const at = text.indexOf('=');
      return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

import { isJsonObject, type JsonObject } from '@mcr/core';
import type { InspectManifestResponse } from '@mcr/rpc/mcr/v1/registry_pb';

/** The registry's limit for lists of related manifests. */
export const maxListed = 100;

/** Annotation of what builders attach to an image, as a manifest beside it in an index. */
export const attestationType = 'vnd.docker.reference.type';

/** A part of a manifest that refers to content. */
export interface Descriptor {
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly platform?: string;
  readonly annotations: ReadonlyMap<string, string>;
}

/** A step of an image's history. */
export interface Step {
  readonly command: string;
  readonly created?: string;
  /** Whether it created no layer. */
  readonly isEmpty: boolean;
}

/** The content of a manifest and its config, of which every field may be missing or malformed. */
export interface ManifestFacts {
  readonly layers: readonly Descriptor[];
  /** The config as a file. */
  readonly configFile?: Descriptor;
  readonly children: readonly Descriptor[];
  readonly annotations: ReadonlyMap<string, string>;
  readonly config?: ConfigFacts;
  /** The manifest as pushed. */
  readonly json: string;
}

export interface ConfigFacts {
  readonly platform: string;
  readonly created?: string;
  /** The runtime configuration: name and values. */
  readonly run: ReadonlyMap<string, readonly string[]>;
  readonly labels: ReadonlyMap<string, string>;
  readonly history: readonly Step[];
}

/** Reads what a page shows of a manifest. */
export function readManifest({ content, config }: Pick<InspectManifestResponse, 'content' | 'config'>): ManifestFacts {
  const body = parse(content) ?? {};
  const parsed = config === undefined ? undefined : parse(config);
  return {
    layers: list(body['layers']).map(descriptor),
    ...(isJsonObject(body['config']) && { configFile: descriptor(body['config']) }),
    children: list(body['manifests']).map(descriptor),
    annotations: texts(body['annotations']),
    ...(parsed && { config: configFacts(parsed) }),
    json: Buffer.from(content).toString(),
  };
}

const runFields = ['Entrypoint', 'Cmd', 'User', 'WorkingDir', 'Env', 'ExposedPorts', 'Volumes', 'StopSignal'] as const;

function configFacts(config: JsonObject): ConfigFacts {
  const inner = config['config'];
  const run = isJsonObject(inner) ? inner : {};
  const created = config['created'];
  const values = runFields.map((field) => [field, valuesOf(run[field])] as const);
  return {
    platform: platformOf(config),
    ...(typeof created === 'string' && { created }),
    run: new Map(values.filter(([, items]) => items.length > 0)),
    labels: texts(run['Labels']),
    history: list(config['history']).map(step),
  };
}

function step(value: JsonObject): Step {
  const { created_by: by, created, comment, empty_layer: isEmpty } = value;
  const command = typeof by === 'string' && by !== '' ? by : typeof comment === 'string' ? comment : '';
  return { command, isEmpty: isEmpty === true, ...(typeof created === 'string' && { created }) };
}

function descriptor(value: JsonObject): Descriptor {
  const { digest, mediaType, size, artifactType, platform, annotations } = value;
  return {
    digest: typeof digest === 'string' ? digest : '',
    mediaType: typeof mediaType === 'string' ? mediaType : '',
    size: typeof size === 'number' ? size : 0,
    ...(typeof artifactType === 'string' && { artifactType }),
    ...(isJsonObject(platform) && { platform: platformOf(platform) }),
    annotations: texts(annotations),
  };
}

function platformOf({ os, architecture, variant }: JsonObject): string {
  return [os, architecture, variant].filter((part) => typeof part === 'string' && part !== '').join('/');
}

/** A list, or the keys of an object, which Docker uses as a set. */
function valuesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.map(String);
  return isJsonObject(value) ? Object.keys(value) : [];
}

function list(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function texts(value: unknown): ReadonlyMap<string, string> {
  return new Map(isJsonObject(value) ? Object.entries(value).map(([key, text]) => [key, String(text)]) : []);
}

function parse(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

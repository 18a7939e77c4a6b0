import type { Descriptor, ManifestFacts } from './read-manifest.ts';

/** A step of a build, and the layer that it created, if any. */
export interface BuildStep {
  readonly command: string;
  readonly layer?: Descriptor;
  /** Number of the layer, from 1. */
  readonly number?: number;
}

/**
 * The history of an image with its layers, in the order of the build; layers alone where the history does not say which step
 * created which. https://github.com/opencontainers/image-spec/blob/main/config.md#properties
 */
export function buildSteps({ layers, config }: Pick<ManifestFacts, 'layers' | 'config'>): readonly BuildStep[] {
  const history = config?.history ?? [];
  if (history.filter(({ isEmpty }) => !isEmpty).length !== layers.length) {
    return layers.map((layer, at) => ({ command: nameOf(layer), layer, number: at + 1 }));
  }
  let number = 0;
  return history.map(({ command, isEmpty }) => {
    const layer = isEmpty ? undefined : layers[number];
    if (layer === undefined) return { command };
    number += 1;
    return { command: command === '' ? nameOf(layer) : command, layer, number };
  });
}

/** The name of a file, or what it is. */
function nameOf({ annotations, mediaType }: Descriptor): string {
  return annotations.get('org.opencontainers.image.title') ?? mediaType;
}

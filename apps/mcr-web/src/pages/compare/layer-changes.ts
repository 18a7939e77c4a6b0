import { type BuildStep, buildSteps } from '../manifest/build-steps.ts';
import type { Descriptor, ManifestFacts } from '../manifest/read-manifest.ts';

/** A layer of one image or of both; changed: the same step created another layer. */
export interface LayerChange {
  readonly kind: 'same' | 'changed' | 'added' | 'removed';
  readonly command: string;
  readonly from?: Descriptor;
  readonly to?: Descriptor;
}

/** Comparing takes the product of both counts; images have at most 127 layers in practice. */
const maxLayers = 300;

type Layer = BuildStep & { readonly layer: Descriptor };

/** What became of the layers, in the order of both; of more than 300, those of the first. */
export function layerChanges(from: ManifestFacts, to: ManifestFacts): readonly LayerChange[] {
  const [before, after] = [layersOf(from), layersOf(to)];
  const changes: LayerChange[] = [];
  let [at, beside] = [0, 0];
  for (const [x, y] of [...common(before, after), [before.length, after.length] as const]) {
    changes.push(...gap(before.slice(at, x), after.slice(beside, y)));
    const [old, current] = [before[x], after[y]];
    if (old !== undefined && current !== undefined) {
      changes.push({ kind: 'same', command: current.command, from: old.layer, to: current.layer });
    }
    [at, beside] = [x + 1, y + 1];
  }
  return changes;
}

function layersOf(facts: ManifestFacts): readonly Layer[] {
  return buildSteps(facts)
    .filter((step): step is Layer => step.layer !== undefined)
    .slice(0, maxLayers);
}

/** Positions of a longest common subsequence of the digests. */
function common(before: readonly Layer[], after: readonly Layer[]): readonly (readonly [number, number])[] {
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  const at = (x: number, y: number) => lengths[x * width + y] ?? 0;
  const isSame = (x: number, y: number) => before[x]?.layer.digest === after[y]?.layer.digest;
  for (let x = before.length - 1; x >= 0; x -= 1) {
    for (let y = after.length - 1; y >= 0; y -= 1) {
      lengths[x * width + y] = isSame(x, y) ? at(x + 1, y + 1) + 1 : Math.max(at(x + 1, y), at(x, y + 1));
    }
  }
  const found: (readonly [number, number])[] = [];
  for (let [x, y] = [0, 0]; x < before.length && y < after.length; ) {
    if (isSame(x, y)) {
      found.push([x, y]);
      [x, y] = [x + 1, y + 1];
    } else if (at(x + 1, y) >= at(x, y + 1)) x += 1;
    else y += 1;
  }
  return found;
}

/** Between two layers that both have: steps with the same command changed what they create. */
function gap(removed: readonly Layer[], added: readonly Layer[]): readonly LayerChange[] {
  const changes: LayerChange[] = [];
  const drop = (layers: readonly Layer[]) => {
    for (const { command, layer } of layers) changes.push({ kind: 'removed', command, from: layer });
  };
  let rest = removed;
  for (const { command, layer } of added) {
    const at = rest.findIndex((old) => old.command === command);
    const old = rest[at];
    if (old === undefined) {
      changes.push({ kind: 'added', command, to: layer });
      continue;
    }
    drop(rest.slice(0, at));
    changes.push({ kind: 'changed', command, from: old.layer, to: layer });
    rest = rest.slice(at + 1);
  }
  drop(rest);
  return changes;
}

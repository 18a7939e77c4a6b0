import type { InspectManifestResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import type { ManifestFacts } from '../manifest/read-manifest.ts';

/** One of the two that are compared: a manifest, or that of an index for the chosen platform. */
export interface Side {
  /** The tag or digest that was asked for. */
  readonly reference: string;
  readonly platform: string;
  readonly found: InspectManifestResponse;
  readonly facts: ManifestFacts;
}

/** Versions by name, as one SBOM of each side lists them. */
export type Packages = readonly [from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>];

/** What the page shows. */
export interface CompareProps {
  readonly url: URL;
  readonly repository: string;
  /** What the fields have; empty where the repository has no two manifests. */
  readonly from: string;
  readonly to: string;
  /** Names of tags to choose from. */
  readonly tags: readonly string[];
  /** Absent while there are no two to compare. */
  readonly sides?: readonly [from: Side, to: Side];
  /** Platforms that both have. */
  readonly platforms: readonly string[];
  /** Of both, if both have an SBOM. */
  readonly packages: Packages | undefined;
}

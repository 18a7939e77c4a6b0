import type { InspectManifestResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Document } from '../../documents/document.ts';
import type { Remembering } from '../../ui/pull-box.ts';
import type { ManifestFacts } from './read-manifest.ts';

/** What the page shows. */
export interface ManifestProps {
  /** What container clients call the registry. */
  readonly name: string;
  readonly repository: string;
  /** The tag or digest that was asked for. */
  readonly reference: string;
  readonly found: InspectManifestResponse;
  readonly facts: ManifestFacts;
  /** What it says, if a tool attached it to an image. */
  readonly document: Document | undefined;
  readonly isAdmin: boolean;
  /** For the box of commands. */
  readonly remembering: Remembering;
  /** Whether the audit log of the repository is for the user. */
  readonly readsAudit: boolean;
  readonly now: number;
}

import type { Actor, Clock } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import type { BlobInspector } from '@mcr/storage';
import type { LostBlobs } from '../lost-blobs.ts';
import type { NoteKind } from './kinds.ts';

/** What an inspection is asked to do. */
export interface FsckOptions {
  /** Reads every byte of every blob, and checks the database file. */
  readonly deep: boolean;
  /** Puts right what can be put right safely. */
  readonly repair: boolean;
  /** Leaves files to garbage collection even if most have no blob in this database. */
  readonly removeMostFiles: boolean;
  /** Takes damaged blobs out of service even if they are most of all blobs. */
  readonly quarantineMostBlobs: boolean;
}

/** How much was looked at. */
export interface Examined {
  manifests: number;
  blobs: number;
  files: number;
  /** Bytes whose digest was computed. */
  bytes: number;
  uploads: number;
  repositories: number;
}

/** What an inspection works with. */
export interface FsckParts {
  readonly store: MetadataStore;
  readonly files: BlobInspector;
  readonly clock: Clock;
  readonly settings: { readonly gracePeriod: number; readonly uploadTtl: number };
  readonly options: FsckOptions;
  readonly actor: Actor;
  readonly examined: Examined;
  /** Blobs that manifests need, and of which no file may go. */
  readonly lost: LostBlobs;
  /** Counts something that is in order and yet worth a line. */
  readonly note: (kind: NoteKind) => void;
  /** Called again and again while work goes on. */
  readonly progress: () => void;
}

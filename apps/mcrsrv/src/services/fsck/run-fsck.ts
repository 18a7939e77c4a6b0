import { DatabaseError } from '@mcr/db';
import { LostBlobs } from '../lost-blobs.ts';
import { checkBlobs } from './check-blobs.ts';
import { checkFigures } from './check-figures.ts';
import { checkManifests } from './check-manifests.ts';
import { checkDatabase, checkRows } from './check-rows.ts';
import { checkUploads } from './check-uploads.ts';
import type { Finding, RepairOutcome } from './finding.ts';
import type { FindingKind, NoteKind } from './kinds.ts';
import type { Examined, FsckParts } from './parts.ts';
import { Repairs } from './repairs.ts';

/** What an inspection needs from its caller. */
export interface FsckInput extends Omit<FsckParts, 'examined' | 'lost' | 'note' | 'progress'> {
  /** Hears of each finding at once, and of how its repair ended: none of them is kept. */
  readonly onFinding: (finding: Finding, outcome: RepairOutcome | undefined) => void;
  /** Hears how far it has come, often. */
  readonly onProgress?: (examined: Readonly<Examined>) => void;
}

/** What came out of it. */
export interface FsckSummary {
  readonly examined: Readonly<Examined>;
  /** How many findings of each kind; kinds without any are left out. */
  readonly findings: Readonly<Partial<Record<FindingKind, number>>>;
  readonly notes: Readonly<Partial<Record<NoteKind, number>>>;
  /** Findings that a repair has put right. */
  readonly repaired: number;
  /** Findings that are as they were, or that only a new push can put right. */
  readonly left: number;
}

/**
 * Inspects a registry, also beside a running server: in slices, without any lock, and looking twice before it reports.
 * Changes nothing unless it is asked to repair; then it tells the audit log (`fsck_repaired`).
 */
export async function runFsck({ onFinding, onProgress, ...input }: FsckInput): Promise<FsckSummary> {
  const examined: Examined = { manifests: 0, blobs: 0, files: 0, bytes: 0, uploads: 0, repositories: 0 };
  const notes: Partial<Record<NoteKind, number>> = {};
  const findings: Partial<Record<FindingKind, number>> = {};
  const parts: FsckParts = {
    ...input,
    examined,
    lost: new LostBlobs(),
    note: (kind) => {
      notes[kind] = (notes[kind] ?? 0) + 1;
    },
    progress: () => onProgress?.(examined),
  };
  const counts = { repaired: 0, left: 0 };
  for await (const finding of checkAll(parts)) {
    const outcome = parts.options.repair ? await finding.repair?.() : undefined;
    findings[finding.kind] = (findings[finding.kind] ?? 0) + 1;
    counts[outcome?.settled === true ? 'repaired' : 'left'] += 1;
    onFinding(finding, outcome);
  }
  if (counts.repaired > 0) await record(parts, counts);
  return { examined, findings, notes, ...counts };
}

async function* checkAll(parts: FsckParts): AsyncGenerator<Finding, void> {
  const repairs = new Repairs(parts);
  yield* guarded('rows', checkRows(parts));
  yield* guarded('manifests', checkManifests(parts));
  yield* guarded('blobs', checkBlobs(parts, repairs));
  yield* guarded('uploads', checkUploads(parts));
  yield* guarded('figures', checkFigures(parts));
  if (parts.options.deep) yield* guarded('the file', checkDatabase(parts));
}

/** A database that is damaged in one place may be read in others. */
async function* guarded(what: string, check: AsyncGenerator<Finding, void>): AsyncGenerator<Finding, void> {
  try {
    yield* check;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
    yield { kind: 'database-damaged', detail: `the check of ${what} broke off; ${error.message}${cause}` };
  }
}

async function record({ store, clock, actor }: FsckParts, { repaired, left }: { repaired: number; left: number }) {
  const details = { repaired: String(repaired), left: String(left) };
  await store.audit.append([{ type: 'fsck_repaired', at: clock.now(), actor, details }]);
}

import type { GcRun } from '../facets/gc.ts';

/** Three years of daily runs, or most of a day of one a minute: what people look back on, at no cost. */
export const keptRuns = 1_000;

/** The figures of a run that begins. */
export const nothingYet = {
  blobsRemoved: 0,
  bytesFreed: 0,
  uploadsRemoved: 0,
  examined: 0,
  orphansRemoved: 0,
  missingFiles: 0,
};

/** A run that has ended, in the words of the audit log. */
export function describeRun({ id, state, blobsRemoved, bytesFreed, error }: GcRun): Record<string, string> {
  const facts = { run_id: id, state, blobs_removed: String(blobsRemoved), bytes_freed: String(bytesFreed) };
  return error === undefined ? facts : { ...facts, error };
}

import { version } from '@mcr/core';
import type { Finding, RepairOutcome } from '../services/fsck/finding.ts';
import { type FindingKind, findingKinds, type NoteKind, noteKinds } from '../services/fsck/kinds.ts';
import type { Examined, FsckOptions } from '../services/fsck/parts.ts';
import type { FsckSummary } from '../services/fsck/run-fsck.ts';
import { print } from './output.ts';

/** How often the line of progress changes, milliseconds: as fast as one can read. */
const progressMs = 200;
const clearLine = '\r\u001B[K';

/** Writes an inspection down while it goes on; nothing is kept, however much there is to report. */
export interface FsckReport {
  readonly onFinding: (finding: Finding, outcome: RepairOutcome | undefined) => void;
  readonly onProgress: (examined: Readonly<Examined>) => void;
  readonly finish: (summary: FsckSummary) => void;
}

export function createFsckReport(json: boolean, options: Pick<FsckOptions, 'deep' | 'repair'>): FsckReport {
  return json ? jsonReport(options) : textReport();
}

/** One document, with a finding a line. */
function jsonReport({ deep, repair }: Pick<FsckOptions, 'deep' | 'repair'>): FsckReport {
  let separator = '';
  process.stdout.write(`{"version":${JSON.stringify(version)},"deep":${deep},"repair":${repair},"findings":[`);
  return {
    onFinding({ repair: _repair, ...finding }, outcome) {
      const line = { ...finding, ...(outcome !== undefined && { repaired: outcome.settled, repair: outcome.done }) };
      process.stdout.write(`${separator}\n${JSON.stringify(line)}`);
      separator = ',';
    },
    onProgress() {},
    finish({ examined, findings, notes, repaired, left }) {
      const rest = JSON.stringify({ clean: left === 0, repaired, left, counts: findings, notes, examined });
      print(`${separator === '' ? '' : '\n'}],${rest.slice(1)}`);
    },
  };
}

/** Findings and summary on standard output; on a terminal, a line of progress on standard error. */
function textReport(): FsckReport {
  const isTerminal = process.stderr.isTTY;
  let shownAt = 0;
  const clear = () => {
    if (isTerminal) process.stderr.write(clearLine);
  };
  return {
    onFinding({ kind, repository, digest, locator, upload, detail }, outcome) {
      clear();
      const subject = [repository, digest ?? locator ?? upload].filter((part) => part !== undefined).join(' ');
      print(`${kind}  ${subject === '' ? '' : `${subject}: `}${detail}`);
      if (outcome !== undefined) print(`  ${outcome.settled ? 'repaired' : 'left'}: ${outcome.done}`);
    },
    onProgress(examined) {
      if (!isTerminal || performance.now() - shownAt < progressMs) return;
      shownAt = performance.now();
      process.stderr.write(`${clearLine}${inWords(examined)}`);
    },
    finish(summary) {
      clear();
      printSummary(summary);
    },
  };
}

function printSummary({ examined, findings, notes, repaired, left }: FsckSummary): void {
  const kinds = Object.entries(findings) as [FindingKind, number][];
  if (kinds.length > 0) print('');
  for (const [kind, n] of kinds) print(`${n} x ${kind}: ${findingKinds[kind]}`);
  for (const [kind, n] of Object.entries(notes) as [NoteKind, number][]) print(`Note: ${n} ${noteKinds[kind]}`);
  print(`Looked at ${inWords(examined)}`);
  if (kinds.length === 0) print('Everything is whole');
  else print(`${repaired} repaired, ${left} left`);
}

function inWords({ manifests, blobs, files, bytes, uploads, repositories }: Readonly<Examined>): string {
  const read = bytes > 0 ? `, ${(bytes / 1e6).toFixed(0)} MB read` : '';
  return `${manifests} manifests, ${blobs} blobs, ${files} files, ${uploads} uploads, ${repositories} repositories${read}`;
}

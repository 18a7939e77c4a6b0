import { conditionLines } from './conditions.ts';
import type { Result } from './result.ts';
import { clientTable, groupTable, hasClientFigures, limitsOf, type Table, targetTable } from './tables.ts';
import { warningsOf } from './warnings.ts';

/** The whole report as text of fixed width. */
export function terminalReport(result: Result): string {
  const groups = result.groups.map((group) => `${group.name}\n${aligned(groupTable(result, group))}`);
  const failures = result.failures.length === 0 ? [] : [`Not measured\n${result.failures.join('\n')}`];
  const limits = limitsOf(result).map((line) => `\n  ${line}`);
  const profiles = 'What limits the missed ones; docs/decisions/0015-hot-paths.md shows where the time goes';
  const missed = limits.length === 0 ? '' : `\n\n${profiles}${limits.join('')}`;
  const targets = `Targets\n${aligned(targetTable(result))}${missed}`;
  const client = hasClientFigures(result) ? [`The load generator\n${aligned(clientTable(result))}`] : [];
  const warnings = warningsOf(result.conditions).map((line) => `WARNING: ${line}`);
  const conditions = [...warnings, ...conditionLines(result.conditions)].join('\n');
  return `${[...groups, ...client, targets, ...failures, conditions].join('\n\n')}\n`;
}

function aligned({ header, lines }: Table): string {
  const widths = header.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i]?.length ?? 0)));
  return [header, ...lines]
    .map((line) => `  ${line.map((text, i) => text.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

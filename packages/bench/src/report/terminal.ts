import { conditionLines } from './conditions.ts';
import type { Result } from './result.ts';
import { groupTable, type Table, targetTable } from './tables.ts';

/** The whole report as text of fixed width. */
export function terminalReport(result: Result): string {
  const groups = result.groups.map((group) => `${group.name}\n${aligned(groupTable(result, group))}`);
  const failures = result.failures.length === 0 ? [] : [`Not measured\n${result.failures.join('\n')}`];
  const sections = [...groups, `Targets\n${aligned(targetTable(result))}`, ...failures];
  return `${sections.join('\n\n')}\n\n${conditionLines(result.conditions).join('\n')}\n`;
}

function aligned({ header, lines }: Table): string {
  const widths = header.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i]?.length ?? 0)));
  return [header, ...lines]
    .map((line) => `  ${line.map((text, i) => text.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

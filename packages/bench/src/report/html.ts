import { barChart } from './bar-chart.ts';
import { conditionLines } from './conditions.ts';
import { escaped, lineChart } from './line-chart.ts';
import type { GroupNote, Result } from './result.ts';
import { style } from './style.ts';
import { rowsOf } from './summary.ts';
import { clientAbout, clientTable, groupTable, hasClientFigures, limitsOf, type Table, targetTable } from './tables.ts';
import { warningsOf } from './warnings.ts';

/** The report as one page that needs nothing else. */
export function htmlReport(result: Result): string {
  const sections = result.groups.map((group) => section(result, group));
  const failures = result.failures.length === 0 ? '' : `<h2>Not measured</h2>${list(result.failures)}`;
  const warnings = warningsOf(result.conditions);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>MCR: the benchmark</title>
<style>${style}</style>
</head>
<body>
<h1>MCR beside other registries</h1>
${warnings.length === 0 ? '' : `<div class="warning" role="alert">Warning${list(warnings)}</div>`}
${list(conditionLines(result.conditions))}
<h2>Targets</h2>
${table(targetTable(result))}
${limits(result)}
${sections.join('\n')}
${client(result)}
${failures}
</body>
</html>
`;
}

function section(result: Result, group: GroupNote): string {
  return `<section>
<h2>${escaped(group.name)}</h2>
<p class="about">${escaped(group.about)}</p>
<div class="charts">${charts(result, group)}</div>
<details><summary>All figures</summary>${table(groupTable(result, group))}</details>
</section>`;
}

function limits(result: Result): string {
  const lines = limitsOf(result);
  return lines.length === 0
    ? ''
    : `<h3>What limits the missed ones</h3>${list(lines)}
<p>Where the time goes: docs/decisions/0015-hot-paths.md</p>`;
}

function client(result: Result): string {
  if (!hasClientFigures(result)) return '';
  return `<section>
<h2>The load generator</h2>
<p class="about">${escaped(clientAbout)}</p>
<details><summary>All figures</summary>${table(clientTable(result))}</details>
</section>`;
}

function charts(result: Result, group: GroupNote): string {
  const rows = rowsOf(result, group);
  if (group.chart === 'lines') return rows.map(lineChart).join('\n');
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  return metrics.map((metric) => barChart(rows, metric, group.contenders)).join('\n');
}

function table({ header, lines }: Table): string {
  const head = header.map((title) => `<th scope="col">${escaped(title)}</th>`).join('');
  const body = lines.map((line) => `<tr>${line.map(cell).join('')}</tr>`).join('\n');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

function cell(text: string): string {
  const verdict = text === 'met' || text === 'missed' ? ` class="${text}"` : '';
  return `<td${verdict}>${escaped(text)}</td>`;
}

function list(lines: readonly string[]): string {
  return `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
}

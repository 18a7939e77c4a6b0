import { formatNumber, formatSpread } from './format.ts';
import { escaped, svgText } from './line-chart.ts';
import type { Row } from './summary.ts';

const width = 560;
/** Where bars begin; names of contenders stand before. */
const left = 130;
/** Room for the value behind the longest bar. */
const right = 60;
const bar = { height: 12, gap: 3 };
const titleHeight = 20;
const groupGap = 10;

/** Bars for one metric: a block for each workload, in it a bar for each contender, with whiskers for the range. */
export function barChart(rows: readonly Row[], metric: string, contenders: readonly string[]): string {
  const own = rows.filter((row) => row.metric === metric);
  const largest = Math.max(...own.flatMap(({ values }) => [...values.values()].map(({ max }) => max)));
  const x = (value: number): number => left + (value / largest) * (width - left - right);
  const parts: string[] = [];
  let y = 0;
  for (const { workload, values } of own) {
    parts.push(svgText(0, y + 14, workload, 'title'));
    y += titleHeight;
    for (const [name, spread] of values) {
      const middle = y + bar.height / 2;
      const { median, min, max } = spread;
      parts.push(
        `<g><title>${escaped(`${name}: ${formatSpread(spread)} ${metric}`)}</title>`,
        svgText(left - 8, y + 10, name, 'end'),
        `<rect x="${left}" y="${y}" width="${px(x(median) - left)}" height="${bar.height}" class="c${contenders.indexOf(name)}"/>`,
        `<path d="M${px(x(min))} ${middle}H${px(x(max))}" class="range"/>`,
        svgText(x(max) + 6, y + 10, formatNumber(median), 'value'),
        '</g>',
      );
      y += bar.height + bar.gap;
    }
    y += groupGap;
  }
  return `<figure><figcaption>${escaped(metric)}, ${metric.endsWith('/s') ? 'more' : 'less'} is better</figcaption>
<svg viewBox="0 0 ${width} ${y}" role="img" aria-label="${escaped(metric)}">${parts.join('')}</svg></figure>`;
}

function px(value: number): string {
  return value.toFixed(1);
}

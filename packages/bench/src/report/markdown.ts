import { targets } from '../targets.ts';
import { behindDistribution, claimsOf } from './claims.ts';
import { conditionLines } from './conditions.ts';
import type { Result } from './result.ts';
import { sizingOf } from './sizing.ts';
import {
  clientAbout,
  clientTable,
  groupTable,
  hasClientFigures,
  headlineTable,
  limitsOf,
  type Table,
  targetTable,
} from './tables.ts';
import { warningsOf } from './warnings.ts';

/** Rows in which MCR may be behind distribution v3. */
const mostBehind = 2;

/** The report as a page of the documentation: sentences and one table first, then what a machine needs, and the rest folded. */
export function markdownReport(result: Result): string {
  const warnings = warningsOf(result.conditions)
    .map((line) => `> **Warning:** ${line}.\n\n`)
    .join('');
  const sizing = sizingOf(result);
  const sections = [
    folded('Conditions', `${bullets(conditionLines(result.conditions))}\n\n${toRepeat}`),
    folded('How it is measured', method),
    folded('Targets', `${table(targetTable(result))}\n${limits(result)}`),
    ...result.groups.map((group) => folded(group.name, `${group.about}\n\n${table(groupTable(result, group))}`)),
    ...(hasClientFigures(result)
      ? [folded('The load generator', `${clientAbout}\n\n${table(clientTable(result))}`)]
      : []),
  ];
  const failures = result.failures.length === 0 ? [] : [`## Not measured\n\n${bullets(result.failures)}`];
  return `# Performance

MCR beside other registries, measured in one run on one machine by [the benchmark](../packages/bench/README.md), which wrote
this page with every figure in it. Read ratios rather than numbers: another machine has other numbers. ${whenOf(result)}

${warnings}${bullets([...claimsOf(result), ...behindClaims(result)])}

${table(headlineTable(result))}

${[...(sizing.length === 0 ? [] : [`## How large a machine\n\n${bullets(sizing)}`]), '## Everything', ...sections, ...failures].join('\n\n')}
`;
}

function whenOf({ conditions: { date, commit, rounds, cores, cpu } }: Result): string {
  return `${date.slice(0, 10)}, commit ${commit}, ${rounds} round(s), ${cores} × ${cpu}.`;
}

/** Where MCR is behind, what limits it there. */
function behindClaims(result: Result): readonly string[] {
  const behind = behindDistribution(result);
  if (behind.length === 0) return [];
  const names = [...Map.groupBy(behind, ([workload]) => workload)].map(([workload, rows]) => {
    const metrics = rows.map(([, metric]) => metric);
    return `${workload}, ${metrics.join(' and ')}${limitOf(workload, metrics[0] ?? '')}`;
  });
  const more = behind.length > mostBehind ? `, more than the ${mostBehind} that are the target` : '';
  const rows = behind.length === 1 ? '1 row' : `${behind.length} rows`;
  return [
    `MCR is behind distribution v3 in ${rows} of the table${more} ([profiles](decisions/0015-hot-paths.md)): ${names.join('; ')}.`,
  ];
}

function limitOf(workload: string, metric: string): string {
  const known = targets.filter((it) => it.workload === workload && it.limits !== undefined);
  const { limits: reason } = known.find((it) => it.metric === metric) ?? known[0] ?? {};
  return reason === undefined ? '' : ` (${reason})`;
}

const toRepeat = `To repeat it, with docker-registry and nginx (Debian: \`apt-get install docker-registry nginx-light\`) and distribution v3
(\`go install github.com/distribution/distribution/v3/cmd/registry@v3.1.2\`):

    npm run bench -- --json result.json --html result.html --markdown docs/performance.md`;

const method = `- Everything goes over TLS 1.3 on the loopback, with AES-128-GCM and X25519, which Debian's docker and podman prefer, so that
  each server does the same cryptography. Server and load generator share the machine's cores.
- The contenders of a group run at the same time, and are measured in turn: at each workload one right after the other,
  who is first changes. Each starts a round with an empty store, or, where growth is measured, with the one that was filled
  for it, and is warmed up for some seconds before its first workload. Only starts and first reads are measured cold.
- A figure is the median of the rounds, with the smallest and the largest in parentheses. A ratio is the median of the ratios
  of each round; a round that failed on either side has none.
- CPU is the time, user and system, that the server's processes used for each unit of work. It stays stable where wall time
  does not.
- MCR does more than its peers for each request: it authenticates, evaluates the policy and writes audit events. The list
  above says what each contender does.
- The static responder is no registry. It shows how much the load generator is able to do: where its ratio to MCR is near 1,
  the load generator or the network stack is the limit, and not the registry. What the load generator used itself beside MCR is
  in the last column of each table: it runs on the same cores, so what it uses there no server has.
- Start and growth with many tags are measured on MCR only: its database is filled directly. docker-registry keeps a tag in
  several directories and files, so 1,000,000 tags would be millions of files, and its start does not look at them.
- Two more measurements have scripts of their own: \`node apps/mcr-web/e2e/scripts/measure-pages.ts\`, the pages of mcr-web with
  10,000 repositories and 100,000 tags, and \`node apps/mcrsrv/test/gc/scale.ts\`, a collection of 5,000 blobs among 50,000 and
  among 500,000, and for how long it holds the event loop.`;

function folded(title: string, body: string): string {
  return `<details>\n<summary>${title}</summary>\n\n${body.trimEnd()}\n\n</details>`;
}

function limits(result: Result): string {
  const lines = limitsOf(result);
  if (lines.length === 0) return '';
  return `
What limits the missed ones; [the profiles](decisions/0015-hot-paths.md) show where the time goes:

${bullets(lines)}
`;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function table({ header, lines }: Table): string {
  const rule = header.map((_, i) => (i < 2 ? '---' : '---:'));
  return [header, rule, ...lines].map((line) => `| ${line.map(escape).join(' | ')} |`).join('\n');
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|');
}

import { conditionLines } from './conditions.ts';
import type { Result } from './result.ts';
import { groupTable, type Table, targetTable } from './tables.ts';

/** The report as a page of the documentation. */
export function markdownReport(result: Result): string {
  const groups = result.groups.map(
    (group) => `## ${group.name}\n\n${group.about}\n\n${table(groupTable(result, group))}`,
  );
  const failures = result.failures.length === 0 ? [] : [`## Not measured\n\n${bullets(result.failures)}`];
  return `# Performance

MCR beside other registries, measured in one run on one machine by [the benchmark](../packages/bench/README.md), which wrote
this page. Read ratios rather than numbers: another machine has other numbers.

${bullets(conditionLines(result.conditions))}

To repeat it, with docker-registry and nginx installed (Debian: \`apt-get install docker-registry nginx-light\`):

    npm run bench -- --json result.json --html result.html --markdown docs/performance.md

## How it is measured

- Everything goes over TLS 1.3 on the loopback, with AES-128-GCM and X25519, which Debian's docker and podman prefer, so that
  each server does the same cryptography. Server and load generator share the machine's cores.
- The contenders take turns. Each starts a round with an empty store, and is warmed up before it is measured.
- A figure is the median of the rounds, with the smallest and the largest in parentheses. A ratio is the median of the ratios
  of each round.
- CPU is the time, user and system, that the server's process used for each unit of work. It stays stable where wall time
  does not.
- MCR does more than its peers for each request: it authenticates, evaluates the policy, writes audit events, and answers a
  push only when the bytes are on disk. The list above says what each contender does. A push that the others answer early is
  written to disk later, outside of the measured time.
- The static responder is no registry. It shows how much the load generator is able to do: where its ratio to MCR is near 1,
  the load generator or the network stack is the limit, and not the registry.
- Start and growth with many tags are measured on MCR only: its database is filled directly. docker-registry keeps a tag in
  several directories and files, so 1,000,000 tags would be millions of files, and its start does not look at them.

## Targets

${table(targetTable(result))}

${[...groups, ...failures].join('\n\n')}
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

import type { TestRegistry } from '@mcr/testkit';

/** Lines that say that the server met something it did not foresee. */
const complaint = /"level":"(?:error|fatal)"|^\(node:\d+\) |^node:|^\s+at |^FATAL|^Error/;
const shown = 1_500;

/** What the server complained of in its log since it started. */
export function complaintsOf(registry: TestRegistry): string[] {
  return registry
    .log()
    .split('\n')
    .filter((line) => complaint.test(line))
    .map((line) => line.slice(0, shown));
}

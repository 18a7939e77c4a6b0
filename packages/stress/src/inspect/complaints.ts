/** Lines that say that the server met something it did not foresee. */
const complaint = /"level":"(?:error|fatal)"|^\(node:\d+\) |^node:|^\s+at |^FATAL|^Error/;
const shown = 1_500;

/** What a server complained of in its log since it started. */
export function complaintsOf(server: { log(): string }): string[] {
  return server
    .log()
    .split('\n')
    .filter((line) => complaint.test(line))
    .map((line) => line.slice(0, shown));
}

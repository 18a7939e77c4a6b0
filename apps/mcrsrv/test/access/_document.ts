import type { Caller } from './_callers.ts';
import type { Row } from './_rows.ts';

type Seen = ReadonlyMap<Row, ReadonlyMap<Caller, readonly string[]>>;

interface Parts {
  readonly oci: readonly Row[];
  readonly rest: readonly Row[];
  readonly rpc: readonly Row[];
}

/** The matrix as a document. */
export function renderMatrix(parts: Parts, callers: readonly Caller[], seen: Seen): string {
  const cells = [...seen.values()].flatMap((row) => [...row.values()].flat()).length;
  const legend = callers.map(({ name, about }) => `| ${name} | ${about} |`);
  return `# Who may do what

A test makes each request of these tables for real, as each kind of caller, and writes down what came back; this page is
the result, ${cells} cells of it. A route or an RPC that is missing here fails the test, and so does a response that is not
what the caller is owed. The web UI has [a page of its own](access-matrix-web.md).

- ✓: it was done.
- 401: the registry does not know who asks, or a guest may not do it (RPCs: \`unauthenticated\`). Nothing happens, but for an event
  in the audit log where policy denies a guest something.
- 403: the registry knows, and the caller may not (RPCs: \`permission_denied\`). Nothing happens but an event in the audit log.
- 405: the registry has no password of this caller to change (RPCs: \`unimplemented\`). Nothing happens.
- ✓ 403: it was done in \`own/app\`, where rules give some callers rights, and rejected in \`other/app\`, where they give
  none. One mark stands for both.

GET stands for HEAD, too, where HEAD has no row of its own. Names in \`/v1\` are tried raw and percent-encoded.

## The callers

| caller | who that is |
|---|---|
${legend.join('\n')}

Those who are \`expired\`, \`revoked\`, \`disabled\` or \`deleted\` had every right before. Tokens carry no rights, so there is
nothing to wait for when one is taken away; with MCIAS, which is asked again after 30 s, that is the bound.

## The registry's API and its token endpoint

${table(parts.oci, callers, seen)}

## The admin API

${table(parts.rest, callers, seen)}

## The RPCs

${table(parts.rpc, callers, seen)}
`;
}

function table(rows: readonly Row[], callers: readonly Caller[], seen: Seen): string {
  const names = callers.map(({ name }) => name);
  const lines = rows.map((row) => {
    const marks = callers.map((caller) => markOf(seen.get(row)?.get(caller) ?? []));
    return `| ${titleOf(row)} | ${row.needs} | ${marks.join(' | ')} |`;
  });
  return [`| | needs | ${names.join(' | ')} |`, `|---|---|${names.map(() => ':-:|').join('')}`, ...lines].join('\n');
}

function titleOf({ title, note }: Row): string {
  const text = `\`${title.replace('mcr.v1.', '')}\``;
  return note === undefined ? text : `${text} ${note}`;
}

function markOf(outcomes: readonly string[]): string {
  const marks = outcomes.map((outcome) => (outcome === 'yes' ? '✓' : outcome));
  return [...new Set(marks)].join(' ');
}

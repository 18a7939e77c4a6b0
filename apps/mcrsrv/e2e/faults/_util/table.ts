import type { Row } from './observation.ts';

const introduction = `# Faults

What a registry does when something around it fails: observed, not promised. \`node apps/mcrsrv/e2e/faults/write.ts\`, as root
and after a build, tries every fault on a real server and writes this document; the tests compare it with what they see.

- **Responses** names the requests that were sent while the fault lasted, by what came of them.
- **Log** is the line to look for; in parentheses, the \`err.message\` of it.
- **Acknowledged** says what is there afterwards, byte by byte, of all that had got a 2xx. "After a restart" means
  that the process was killed first. In each case the registry takes pushes again.
`;

const remarks = `
## Remarks

- A full disk is rejected with 507, in the same form as too little space (\`storage.min_free\`), and what the rejected upload took of
  the disk is given back. Everything else that an operator has to see to is 503. Neither is ever acknowledged with 2xx and lost.
- While the database cannot be written, pulls go on, and their audit events are lost; the log has an \`audit event lost\` for them.
  A request that has to be audited before its response, such as a login or a denial, is rejected with 503.
- When an fsync fails, it is unknown what the disk has. The process ends instead of trying again; started again, it goes on from
  what is on the disk.
- When the database file was removed, the server still has it open. \`mcrctl snapshot\` saves it, also where the response is 503 since
  the audit log cannot be written: the copy in \`snapshots/\` is complete. Take it before the server is stopped.
- The client's \`HEAD\` of a damaged blob or manifest may say that it is there until it has been read or \`mcrsrv fsck\` has found it.
`;

const columns: readonly (readonly [title: string, field: keyof Row])[] = [
  ['Fault', 'fault'],
  ['What was done', 'done'],
  ['Responses', 'responses'],
  ['Log', 'log'],
  ['Process', 'process'],
  ['Acknowledged', 'acknowledged'],
];

/** A row as it stands in the document. */
export function renderRow(row: Row): string {
  return `| ${columns.map(([, field]) => row[field].replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The whole document. */
export function renderDocument(rows: readonly Row[]): string {
  const header = `| ${columns.map(([title]) => title).join(' | ')} |\n|${'---|'.repeat(columns.length)}`;
  return `${introduction}\n${header}\n${rows.map(renderRow).join('\n')}\n${remarks}`;
}

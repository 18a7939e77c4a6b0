import type { RequestRecord } from '@mcr/server-kit';

/** Clients ask for some 50 characters; the rest is for several repositories with long names. */
const maxLength = 500;

/** Notes for the log what a token was asked for. It is looked at nowhere else. */
export function noteRequested(record: RequestRecord, parameters: URLSearchParams): void {
  const scope = printable(parameters.getAll('scope').join(' '));
  const service = printable(parameters.get('service') ?? '');
  record.requested = { ...(scope !== '' && { scope }), ...(service !== '' && { service }) };
}

/** Nothing that steers a terminal, breaks a line, or turns the direction of a text gets into the log. */
function printable(text: string): string {
  return text.slice(0, maxLength).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

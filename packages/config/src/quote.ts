/** Enough of a value to recognize it by. */
const maxQuotedLength = 100;

/** A value as it may stand in a message: in quotes, on one line, shortened. */
export function quote(value: string): string {
  return JSON.stringify(value.length > maxQuotedLength ? `${value.slice(0, maxQuotedLength)}…` : value);
}

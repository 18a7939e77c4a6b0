/** A command line of mcrctl that can be pasted into a shell as it is. */
export function mcrctl(...words: readonly (string | readonly string[])[]): string {
  return ['mcrctl', ...words.flat().map(quote)].join(' ');
}

/** An option with its value; nothing when there is no value. */
export function option(name: string, value: string | undefined): readonly string[] {
  if (value === undefined || value === '') return [];
  // What begins with a hyphen would be taken for the next option.
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}

/** A word as a POSIX shell reads it back, whatever is in it. */
function quote(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

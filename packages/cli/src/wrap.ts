/** Breaks text between words into lines of at most `width` characters, each prefixed with `indent`. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    const isStart = line === indent;
    if (!isStart && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else line += isStart ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** Formats two columns, the right one wrapped beside the left. */
export function wrapPairs(pairs: readonly (readonly [left: string, right: string])[], width: number): string[] {
  const left = Math.max(...pairs.map(([title]) => title.length)) + 4;
  return pairs.flatMap(([title, text]) => {
    const lines = wrap(text, width, ' '.repeat(left));
    return [`  ${title}`.padEnd(left) + lines[0]!.slice(left), ...lines.slice(1)];
  });
}

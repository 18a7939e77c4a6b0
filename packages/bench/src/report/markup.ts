const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it stands in HTML and SVG. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** An SVG text; `place` is how it is anchored and styled. */
export function svgText(x: number, y: number, text: string, place = ''): string {
  return `<text x="${x}" y="${y}" class="${place}">${escaped(text)}</text>`;
}

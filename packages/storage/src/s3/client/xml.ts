const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text of the first element of this name; `undefined` when there is none. Elements have no attributes in S3's lists. */
export function textOf(xml: string, name: string): string | undefined {
  const found = elementsOf(xml, name)[0];
  return found === undefined || found.includes('<') ? undefined : unescape(found);
}

/** What is within each element of this name, which must not contain another of its kind. */
export function elementsOf(xml: string, name: string): readonly string[] {
  const [open, close] = [`<${name}>`, `</${name}>`];
  const found: string[] = [];
  for (let start = xml.indexOf(open); start >= 0; ) {
    const end = xml.indexOf(close, start);
    if (end < 0) break;
    found.push(xml.slice(start + open.length, end));
    start = xml.indexOf(open, end);
  }
  return found;
}

/** A text as the content of an element. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function unescape(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[name as string] ?? whole;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}

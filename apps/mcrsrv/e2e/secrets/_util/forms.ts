/** A part of a secret this long gives it away, and stands nowhere by accident. */
const partLength = 8;

/** Every spelling in which a secret could have been written down: as it is, cut short, and in common encodings. */
export function formsOf(secret: string): ReadonlyMap<string, Buffer> {
  const bytes = Buffer.from(secret);
  const forms: [name: string, text: string][] = [
    ['as it is', secret],
    ['its beginning', secret.slice(0, partLength)],
    ['its end', secret.slice(-partLength)],
    ['percent-encoded', encodeURIComponent(secret)],
    ['as a form', new URLSearchParams({ s: secret }).toString().slice(2)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in hex', bytes.toString('hex')],
  ];
  for (const encoding of ['base64', 'base64url'] as const) {
    for (const before of [0, 1, 2])
      forms.push([`in ${encoding} after ${before} bytes`, insideOf(bytes, before, encoding)]);
  }
  return new Map(forms.map(([name, text]) => [name, Buffer.from(text)]));
}

/** What is the same in the encoding of the bytes whatever stands around them, when so many bytes (mod 3) stand before. */
function insideOf(bytes: Buffer, before: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString(encoding)
    .replace(/=+$/, '');
  const whole = Math.floor(((before + bytes.length) * 8) / 6);
  return text.slice(Math.ceil((before * 8) / 6), whole);
}

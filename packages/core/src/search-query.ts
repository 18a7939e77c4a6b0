/** What a text that someone typed or pasted may name. */
export interface SearchQuery {
  /** A repository, or a part of its name; empty if there is none. In lower case, as names are. */
  readonly name: string;
  /** The beginning of a tag. */
  readonly tag?: string;
  /** The beginning of a digest, with its algorithm. */
  readonly digest?: string;
}

/** Longer texts are cut: a reference has at most 255 + 128 + 136 characters. */
const maxLength = 1_024;
const scheme = /^[a-z][a-z-]*:\/\//i;
const digestEnd = /@?(?:(sha256|sha512):)([0-9a-f]{6,128})$/i;
const shortDigest = /^[0-9a-f]{6,128}$/i;
const tagEnd = /:([A-Za-z0-9_][\w.-]{0,127})$/;
/** What people paste around a reference. */
const quotes = '"\'`';

/**
 * Reads what people paste: `docker pull host/a/b:1`, `FROM host/a/b:1 AS build`, `image: a/b@sha256:…`, a URL, a reference, a part of
 * a name, or six or more characters of a digest.
 */
export function parseSearchQuery(text: string): SearchQuery {
  const reference = stripped(referenceIn(text.slice(0, maxLength)).replace(scheme, ''), '', '/');
  const [, algorithm = '', hex = ''] = digestEnd.exec(reference) ?? [];
  const named = withoutHost(reference.replace(digestEnd, ''));
  if (hex !== '') {
    const digest = `${algorithm}:${hex}`.toLowerCase();
    return { name: named.replace(tagEnd, '').toLowerCase(), digest };
  }
  const tag = tagEnd.exec(named)?.[1];
  const name = named.replace(tagEnd, '').toLowerCase();
  if (tag === undefined && shortDigest.test(name)) return { name, digest: `sha256:${name}` };
  return { name, ...(tag !== undefined && { tag }) };
}

/** The word of a command or a line that is a reference: of several, the first one with a slash, a colon or an at sign. */
function referenceIn(text: string): string {
  const words = text
    .trim()
    .split(/\s+/)
    .map((word) => stripped(word, quotes, `${quotes},`))
    .filter((word) => word !== '' && !word.startsWith('-') && !/^\w+:$/.test(word));
  return words.find((word) => /[/:@]/.test(word)) ?? words.at(-1) ?? '';
}

/** A first component with a dot or a port is a host, as in references of Docker. */
function withoutHost(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? rest.join('/') : reference;
}

/** A text without the characters of two sets at its beginning and its end; a regular expression would take quadratic time. */
function stripped(text: string, atStart: string, atEnd: string): string {
  let [start, end] = [0, text.length];
  while (start < end && atStart.includes(text.charAt(start))) start += 1;
  while (end > start && atEnd.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** Manifests nest four levels deep; the rest is for fields that other tools add. */
export const defaultMaxJsonDepth = 64;

/** V8's excerpt of the text after its reason, which may contain a part of a password. */
const excerpt = /, (?:\.\.\.)?"[^]*$/;

/** The bytes are not JSON, or not JSON that all parsers read alike. `message` names the problem. */
export class StrictJsonError extends Error {
  override readonly name = 'StrictJsonError';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses UTF-8 JSON and rejects whatever parsers disagree about: invalid UTF-8, a byte order mark, duplicate keys,
 * `__proto__`, deep nesting, trailing bytes. Takes linear time, without recursion. Throws {@link StrictJsonError}.
 */
export function parseStrictJson(bytes: Uint8Array, limits: { readonly maxDepth?: number } = {}): unknown {
  const text = decode(bytes);
  scan(text, limits.maxDepth ?? defaultMaxJsonDepth);
  return parse(text);
}

function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw new StrictJsonError('The JSON is not valid UTF-8', { cause });
  }
  if (text.startsWith('\uFEFF')) throw new StrictJsonError('The JSON starts with a byte order mark');
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StrictJsonError(`The JSON is malformed: ${reason.replace(excerpt, '')}`);
  }
}

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Keys seen so far in an open object; `undefined` for an open array. */
type Frame = Set<string> | undefined;

/** Checks depth and keys. `JSON.parse` checks the grammar, so this only has to be right for well-formed text. */
function scan(text: string, maxDepth: number): void {
  const frames: Frame[] = [];
  let expectsKey = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const end = endOfString(text, at);
      if (expectsKey) addKey(frames.at(-1), text.slice(at, end + 1), at);
      expectsKey = false;
      at = end;
    } else if (code === openBrace || code === openBracket) {
      if (frames.length === maxDepth) throw new StrictJsonError(`The JSON is nested deeper than ${maxDepth} levels`);
      expectsKey = code === openBrace;
      frames.push(expectsKey ? new Set() : undefined);
    } else if (code === closeBrace || code === closeBracket) {
      frames.pop();
      expectsKey = false;
    } else if (code === comma) {
      expectsKey = frames.at(-1) !== undefined;
    }
  }
}

/** Index of the closing quote of the string that opens at `start`, or of the end of an unterminated one. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at++;
  }
  return text.length;
}

function addKey(keys: Frame, literal: string, at: number): void {
  const key = literal.includes('\\') ? String(parse(literal)) : literal.slice(1, -1);
  if (key === '__proto__') throw new StrictJsonError(`The JSON has the key "__proto__" at position ${at}`);
  if (keys?.has(key)) {
    throw new StrictJsonError(`The JSON has the duplicate key ${JSON.stringify(key.slice(0, 100))} at position ${at}`);
  }
  keys?.add(key);
}

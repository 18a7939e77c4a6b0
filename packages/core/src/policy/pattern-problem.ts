import { isRepositoryName, maxRepositoryNameLength } from '../repository-name.ts';
import { hasStrayStars, usernamePlaceholder } from './segments.ts';
import { shortestName } from './shortest-name.ts';

function isSound(pattern: string): boolean {
  try {
    return !hasStrayStars(pattern) && shortestName(pattern) <= maxRepositoryNameLength;
  } catch {
    return false;
  }
}

/** Alternatives of braces that are written out; more of them are for the reader to write. */
const maxAlternatives = 8;

interface Repair {
  readonly reason: string;
  readonly apply: (pattern: string) => readonly string[];
}

const one = (reason: string, apply: (pattern: string) => string): Repair => ({
  reason,
  apply: (pattern) => [apply(pattern)],
});

/** What people write, and what they mean by it; in the order in which one is tried after the other. */
const repairs: readonly Repair[] = [
  one('** crosses slashes only as a whole segment, as in "prod/**"', (pattern) =>
    hasStrayStars(pattern) ? pattern.replaceAll(/\*{2,}/g, '*') : pattern,
  ),
  one('it has space around it', (pattern) => pattern.trim()),
  one('names have no scheme and no host', (pattern) => pattern.replace(/^[a-z]+:\/\/[^/]*\//i, '')),
  one('names have no host and port', (pattern) => pattern.replace(/^[^/]+:\d+\//, '')),
  one('names have no digest', (pattern) => pattern.split(/@sha\d{3}:/, 1).join('')),
  one('names have no tag', (pattern) => pattern.replace(/:[^/:]*$/, '')),
  { reason: 'braces have no meaning, and each alternative is a pattern', apply: alternatives },
  one('names are in lower case', (pattern) => pattern.toLowerCase()),
  one('names begin without a slash', (pattern) => pattern.replace(/^\/+/, '')),
  one('names end without a slash', withoutTrailingSlashes),
  one('names have one slash at a time', (pattern) => pattern.replaceAll(/\/{2,}/g, '/')),
];

/**
 * Why no repository name can match the pattern, or not those that it seems to, and what to write instead, as a sentence;
 * `undefined` when there is nothing to say. Throws `PARAMETER_INVALID` for a malformed pattern.
 */
export function patternProblem(pattern: string): string | undefined {
  if (hasPlainName(pattern)) return undefined;
  const length = shortestName(pattern);
  const isStray = hasStrayStars(pattern);
  if (length <= maxRepositoryNameLength && !isStray) return undefined;
  const matches = `the pattern ${JSON.stringify(pattern)} ${isStray ? 'is unclear' : 'matches no repository name'}`;
  if (length < Infinity && !isStray) return `${matches}: names have at most ${maxRepositoryNameLength} characters`;
  const { reasons, patterns } = repair(pattern);
  if (reasons.length === 0 || !patterns.every(isSound)) {
    return `${matches}: names are words of a-z and 0-9, joined by one of . _ __ - and by /`;
  }
  const quoted = [...new Set(patterns)].map((it) => JSON.stringify(it));
  return `${matches}: ${reasons.join(', ')}; write ${quoted.join(' and ')}`;
}

/** What a letter can stand for, where there are no classes and no escapes, of which no name is made. */
const wildcards = /\{username\}|\*+|\?/g;
const strayStars = /[^/]\*\*|\*\*[^/]/;

/** Whether a name that the pattern matches is found at once, as for nearly every pattern: lists look at those of all rules. */
function hasPlainName(pattern: string): boolean {
  return isRepositoryName(pattern.replaceAll(wildcards, 'a')) && !strayStars.test(pattern);
}

function repair(pattern: string): { readonly reasons: readonly string[]; readonly patterns: readonly string[] } {
  let patterns: readonly string[] = [pattern];
  const reasons: string[] = [];
  for (const { reason, apply } of repairs) {
    if (patterns.every(isSound)) break;
    const repaired = patterns.flatMap(apply);
    if (repaired.join('\n') === patterns.join('\n')) continue;
    reasons.push(reason);
    patterns = repaired;
  }
  return { reasons, patterns };
}

/** Below a directory is what was meant, unless the last part says which. */
function withoutTrailingSlashes(pattern: string): string {
  if (!pattern.endsWith('/')) return pattern;
  const parts = pattern.split('/');
  while (parts.at(-1) === '') parts.pop();
  const last = parts.at(-1) ?? '';
  const isDirectory = last !== '' && !/[*?[]/.test(last);
  return [...parts, ...(isDirectory ? ['*'] : [])].join('/');
}

function alternatives(pattern: string): readonly string[] {
  const found = [...pattern.matchAll(/\{([^{}]*)\}/g)].find(([all]) => all !== usernamePlaceholder);
  const [braces, inner = ''] = found ?? [];
  if (braces === undefined) return [pattern];
  const words = inner.split(',');
  if (words.length > maxAlternatives) return [pattern];
  return words.map((word) => pattern.replace(braces, () => word.trim()));
}

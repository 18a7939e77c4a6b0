import { html } from 'hono/html';
import type { WebContext } from '../../context.ts';
import { problemOf } from '../../registry/unless.ts';
import type { Fragment } from '../../ui/page.ts';

/** Patterns of a form that are tried, and names that are shown of each: each pattern is a call. */
const mostPatterns = 5;
const mostNames = 5;

/** What one pattern matches now, or why it can match nothing. */
export interface PatternMatch {
  readonly pattern: string;
  readonly names: readonly string[];
  readonly more: boolean;
  readonly problem: string | undefined;
}

/** Asks what the first patterns of a form match now. */
export async function findMatches(
  { registry }: Pick<WebContext, 'registry'>,
  patterns: readonly string[],
  caller: Parameters<WebContext['registry']['policy']['matchRepositories']>[1],
): Promise<readonly PatternMatch[]> {
  const find = async (pattern: string): Promise<PatternMatch> => {
    let names: readonly string[] = [];
    let more = false;
    const problem = await problemOf(
      (async () => {
        const found = await registry.policy.matchRepositories({ pattern, pageSize: mostNames }, caller);
        names = found.repositories;
        more = found.nextPageToken !== '';
      })(),
    );
    return { pattern, names, more, problem };
  };
  return await Promise.all(patterns.slice(0, mostPatterns).map(find));
}

/** What the patterns of a form match now; replaced while they are typed. */
export function matchesPart(matches: readonly PatternMatch[]): Fragment {
  return html`<ul id="matches" class="hint matches" aria-live="polite">${matches.map((match) => html`<li>${line(match)}</li>`)}</ul>`;
}

function line({ pattern, names, more, problem }: PatternMatch): Fragment {
  if (problem !== undefined) return html`${problem}`;
  if (names.length === 0 && !more) return html`<code>${pattern}</code> matches no repository yet`;
  const listed = names.map((name, at) => html`${at === 0 ? '' : ', '}<bdi>${name}</bdi>`);
  return html`<code>${pattern}</code> matches ${names.length === 0 ? 'few, if any' : listed}${more ? ' and maybe more' : ''}`;
}

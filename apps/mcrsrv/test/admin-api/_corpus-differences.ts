import type { Change, RecordedBody, RecordedResponse } from './_corpus-change.ts';
import { isSame } from './_corpus-recording.ts';
import type { Recording } from './_corpus-step.ts';

/** What the steps of a subject should get now, and which entries of the list have a part in that. */
export interface Expectation {
  readonly responses: Readonly<Record<string, unknown>>;
  /** Steps whose responses are not compared any more. */
  readonly uncompared: ReadonlySet<string>;
  readonly effective: ReadonlySet<Change>;
  /** What is wrong with entries. */
  readonly problems: readonly string[];
}

/** Applies the changes that are meant to the recorded responses of a subject. */
export function expectedResponses(
  subject: string,
  recording: Recording<unknown>,
  changes: readonly Change[],
): Expectation {
  const problems: string[] = [];
  const effective = new Set<Change>();
  const responses = new Map(Object.entries(recording).map(([name, { response }]) => [name, response]));
  const uncompared = new Set<string>();
  const settled = new Set<string>();
  for (const change of changes) {
    // A pattern may match more than it concerns.
    const isByName = Array.isArray(change.steps);
    const isWhole = change.response !== undefined || change.compared === false;
    for (const name of coveredBy(change, subject, [...responses.keys()])) {
      const title = `"${subject}: ${name}"`;
      const before = responses.get(name);
      if (before === undefined || settled.has(name)) {
        if (isByName)
          problems.push(before === undefined ? `there is no step ${title}` : `an entry before has all of ${title}`);
        continue;
      }
      const now = changed(before, change);
      if (change.compared === false || !isSame(now, before)) effective.add(change);
      else if (isByName) problems.push(`an entry makes no difference to ${title}`);
      if (isWhole) settled.add(name);
      if (change.compared === false) uncompared.add(name);
      responses.set(name, now);
    }
  }
  return { responses: Object.fromEntries(responses), uncompared, effective, problems };
}

function coveredBy({ steps }: Change, subject: string, names: readonly string[]): string[] {
  if (steps instanceof RegExp) return names.filter((name) => steps.test(`${subject}: ${name}`));
  const prefix = `${subject}: `;
  return steps.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

function changed(response: unknown, change: Change): unknown {
  if (change.response !== undefined) return change.response;
  const recorded = response as RecordedResponse;
  if (change.now !== undefined) return change.now(recorded);
  const { status = 400, json, error } = recorded;
  if (status < 400) return response;
  if (json !== undefined) return { ...recorded, json: reworded(json, change) };
  return error === undefined ? response : { ...recorded, error: reworded(error, change) };
}

function reworded(body: RecordedBody, { error, detail }: Change): RecordedBody {
  const word = (text: string): string => {
    if (error === undefined) return text;
    // The type of replaceAll has an overload for each kind of replacement, not for both.
    return typeof error === 'string' ? error : text.replaceAll(error.from, error.to as string);
  };
  return {
    ...body,
    ...(typeof body.error === 'string' && { error: word(body.error) }),
    ...(typeof body.message === 'string' && { message: word(body.message) }),
    ...(typeof error === 'object' && Array.isArray(body.detail) && { detail: body.detail.map(problemWith(word)) }),
    ...(detail !== undefined && { detail }),
  };
}

/** Rewords a problem in the detail of an error, as it is in the text: behind its field. */
function problemWith(word: (text: string) => string) {
  return (it: unknown): unknown => {
    const { field, problem } = it as { readonly field?: string; readonly problem?: string };
    if (problem === undefined) return it;
    const prefix = `${field}: `;
    const now = word(`${prefix}${problem}`);
    return { ...(it as object), problem: now.startsWith(prefix) ? now.slice(prefix.length) : now };
  };
}

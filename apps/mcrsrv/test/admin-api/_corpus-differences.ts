import type { Change } from './_corpus-changes.ts';
import { isSame } from './_corpus-recording.ts';
import type { Recording } from './_corpus-step.ts';

/** What the steps of a subject should get now, and which entries of the list have a part in that. */
export interface Expectation {
  readonly responses: Readonly<Record<string, unknown>>;
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
  const replaced = new Set<string>();
  for (const change of changes) {
    for (const name of coveredBy(change, subject, [...responses.keys()])) {
      const title = `"${subject}: ${name}"`;
      const before = responses.get(name);
      const now = before === undefined ? undefined : changed(before, change);
      if (before === undefined) problems.push(`there is no step ${title}`);
      else if (replaced.has(name)) problems.push(`an entry before has a whole response for ${title}`);
      else if (!isSame(now, before)) effective.add(change);
      // A pattern may match more than it concerns.
      else if (Array.isArray(change.steps)) problems.push(`an entry makes no difference to ${title}`);
      if (change.response !== undefined) replaced.add(name);
      if (before !== undefined) responses.set(name, now);
    }
  }
  return { responses: Object.fromEntries(responses), effective, problems };
}

function coveredBy({ steps }: Change, subject: string, names: readonly string[]): string[] {
  if (steps instanceof RegExp) return names.filter((name) => steps.test(`${subject}: ${name}`));
  const prefix = `${subject}: `;
  return steps.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** The parts of a recorded response that may hold an error: over REST and Connect, and in any protocol. */
interface Recorded {
  readonly status?: number;
  readonly json?: ErrorBody;
  readonly error?: ErrorBody;
}

interface ErrorBody {
  /** The text in REST. */
  readonly error?: string;
  /** The text in the RPCs. */
  readonly message?: string;
  readonly detail?: unknown;
}

function changed(response: unknown, change: Change): unknown {
  if (change.response !== undefined) return change.response;
  const { status = 400, json, error } = response as Recorded;
  if (status < 400) return response;
  if (json !== undefined) return { ...(response as object), json: reworded(json, change) };
  return error === undefined ? response : { ...(response as object), error: reworded(error, change) };
}

function reworded(body: ErrorBody, { error, detail }: Change): ErrorBody {
  const word = (text: string): string => {
    if (error === undefined) return text;
    return typeof error === 'string' ? error : text.replaceAll(error.from, error.to);
  };
  return {
    ...body,
    ...(typeof body.error === 'string' && { error: word(body.error) }),
    ...(typeof body.message === 'string' && { message: word(body.message) }),
    ...(typeof error === 'object' && Array.isArray(body.detail) && { detail: body.detail.map(problemWith(word)) }),
    ...(detail !== undefined && { detail }),
  };
}

/** Rewords a problem in the detail of an error, which has its field beside it. */
function problemWith(word: (text: string) => string) {
  return (it: unknown): unknown => {
    const { problem } = it as { readonly problem?: string };
    return problem === undefined ? it : { ...(it as object), problem: word(problem) };
  };
}

import { usageError } from '../../cli/errors.ts';

/** A rule as a person writes it; what is left out is the server's to fill in, or stays as it is. */
export interface RuleBody {
  priority?: number;
  description?: string;
  effect?: string;
  roles?: string[];
  account_types?: string[];
  /** Empty for any. */
  subject?: string;
  actions?: string[];
  repositories?: string[];
  enabled?: boolean;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

const shapes: Readonly<Record<keyof RuleBody, readonly [is: (value: unknown) => boolean, what: string]>> = {
  priority: [(value) => Number.isInteger(value), 'a whole number'],
  description: [isText, 'a text'],
  effect: [isText, 'allow or deny'],
  roles: [isTexts, 'a list of texts'],
  account_types: [isTexts, 'a list of texts'],
  subject: [isText, 'a UUID'],
  actions: [isTexts, 'a list of texts'],
  repositories: [isTexts, 'a list of texts'],
  enabled: [(value) => typeof value === 'boolean', 'true or false'],
};

/** What `mcrctl policy list --json` prints beside the body. */
const readOnly: ReadonlySet<string> = new Set(['id', 'created_by', 'created_at', 'updated_at', 'warnings']);

const fieldNames = Object.keys(shapes).join(', ');

/** Reads a new rule from JSON, with null for what is absent. Throws a usage error that names the field. */
export function parseRuleBody(value: unknown, origin: string): RuleBody {
  return checkFields(fieldsOf(value, origin).filter(([, content]) => content !== null));
}

/** Reads what is to change in a rule from JSON; a subject of null makes it any. Throws as `parseRuleBody` does. */
export function parseRuleChange(value: unknown, origin: string): RuleBody {
  const given = fieldsOf(value, origin);
  if (given.length === 0) throw usageError(`${origin} holds no change`, `name what is to change: ${fieldNames}`);
  return checkFields(given.map(([name, content]) => [name, name === 'subject' ? (content ?? '') : content]));
}

function fieldsOf(value: unknown, origin: string): readonly (readonly [name: string, content: unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageError(`${origin} holds something else than rules`, 'a rule is a JSON object');
  }
  return Object.entries(value).filter(([name]) => !readOnly.has(name));
}

function checkFields(given: readonly (readonly [name: string, content: unknown])[]): RuleBody {
  for (const [name, content] of given) {
    if (!Object.hasOwn(shapes, name)) throw usageError(`a rule has no field "${name}"`, `its fields are ${fieldNames}`);
    const [is, what] = shapes[name as keyof RuleBody];
    if (!is(content))
      throw usageError(`the field "${name}" of a rule cannot be ${JSON.stringify(content)}`, `give it ${what}`);
  }
  return Object.fromEntries(given) as RuleBody;
}

/** Whether a rule was printed by the server as one of its built-in ones, which exist everywhere. */
export function isBuiltIn(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value && Number(value.id) < 0;
}

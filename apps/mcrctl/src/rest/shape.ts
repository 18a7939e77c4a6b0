/** What a value of JSON has to be. */
type Kind = 'text' | 'number' | 'flag' | 'texts' | 'object';

/** The fields of an answer that are needed to go on. Others may be absent: what is only printed is printed as it is. */
export type Shape = Readonly<Record<string, Kind>>;

const checks: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  flag: (value) => typeof value === 'boolean',
  texts: (value) => Array.isArray(value) && value.every((it) => typeof it === 'string'),
  object: isObject,
};

/** Whether an answer is an object that has these fields. */
export function hasShape(value: unknown, shape: Shape = {}): boolean {
  return isObject(value) && Object.entries(shape).every(([name, kind]) => checks[kind](value[name]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export type { Access, AdminApi, Binding, FieldRules, MethodOptions, Role } from './api.ts';
export { fromJson, fromWords, type Reading } from './from-json.ts';
export type { FieldProblem } from './problems.ts';
export { type JsonObject, timeText, toJson } from './to-json.ts';
export { validate } from './validate.ts';

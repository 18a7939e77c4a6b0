export type { Access, AdminApi, Binding, FieldRules, MethodOptions, Role } from './api.ts';
export { fromJson, fromWords, type Reading, type ReadOptions } from './from-json.ts';
export { type FieldProblem, maxProblems } from './problems.ts';
export { services } from './services.ts';
export { type JsonObject, timeText, toJson } from './to-json.ts';
export { validate } from './validate.ts';

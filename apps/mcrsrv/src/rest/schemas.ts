import { actions, auditEventTypes, isDigest, isRepositoryName, isTag, maxPageSize, parsePageSize } from '@mcr/core';
import * as z from 'zod';
import { auditFilters } from '../services/audit/audit-filters.ts';
import { repositorySearch } from '../services/repositories/repository-search.ts';
import { tagOrder } from '../services/tags/tag-search.ts';

/** Schemas of what the admin API takes and gives; validation and OpenAPI are made of them. */

const time = z.iso.datetime().meta({ description: 'RFC 3339, UTC' });
const bytes = z.int().min(0).meta({ description: 'Bytes' });

export const repositoryParam = z.object({
  name: z
    .string()
    .refine(isRepositoryName, 'is no repository name')
    .meta({ description: 'Name; slashes raw or as %2F' }),
});
export const tagParam = repositoryParam.extend({ tag: z.string().refine(isTag, 'is no tag') });
export const manifestParam = repositoryParam.extend({ digest: z.string().refine(isDigest, 'is no digest') });
export const ruleParam = z.object({
  id: z
    .string()
    .regex(/^[1-9][0-9]{0,15}$/, 'must be a positive integer')
    .transform(Number)
    .meta({ type: 'integer' }),
});
export const accountParam = z.object({ id: z.string().meta({ description: 'UUID of the account' }) });

const pageSize = (usual: number) =>
  z
    .string()
    .optional()
    .transform((text) => parsePageSize(text === undefined ? [] : [text]) ?? usual)
    .meta({ type: 'integer', minimum: 0, maximum: maxPageSize, default: usual, description: 'Items on a page' });
const cursor = z.string().max(512).optional().meta({ description: 'Continue after this item; take it from Link' });

export const pageQuery = z.object({ n: pageSize(100), last: cursor });
export const searchQuery = pageQuery.extend({
  search: repositorySearch.shape.search.meta({ description: 'Only names that contain this' }),
});
export const tagsQuery = pageQuery.extend({
  sort: tagOrder.optional().meta({ description: 'Bytewise by `name`, as without it, or by the `version` in the name' }),
});
const whole = (text: string) =>
  z
    .string()
    .regex(/^[0-9]{1,15}$/, text)
    .transform(Number);
export const runsQuery = z.object({ n: pageSize(20), before: z.string().max(64).optional() });
/** What is skipped is read: pages further back are reached by `before`, which costs the same everywhere. */
const maxOffset = 100_000;
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
export const auditQuery = auditFilters.extend({
  actor: auditFilters.shape.actor.meta({ description: 'Name or UUID of an account; 404 for an unknown name' }),
  since: instant.optional().meta({ description: 'RFC 3339, inclusive' }),
  until: instant.optional().meta({ description: 'RFC 3339, exclusive' }),
  n: pageSize(50),
  before: whole('must be the id of an event').optional().meta({ type: 'integer', description: 'Only older events' }),
  offset: whole('must be a number')
    .refine((offset) => offset <= maxOffset, `may be ${maxOffset} at most; use before instead`)
    .optional()
    .meta({ type: 'integer', description: 'Events to skip; before is faster' }),
});

export const openApiAnswer = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });
export const errorAnswer = z.object({ error: z.string(), detail: z.unknown().optional() });
export const healthAnswer = z.object({
  status: z.literal('ok'),
  version: z.string(),
  commit: z.string().optional(),
});
export const readyAnswer = z.object({
  status: z.enum(['ready', 'unavailable']),
  checks: z.record(z.string(), z.enum(['ok', 'failed'])),
});
export const loginBody = z.strictObject({ username: z.string(), password: z.string() });
export const tokenAnswer = z.object({ token: z.string(), expires_at: time });
export const principal = z.object({
  id: z.string(),
  username: z.string(),
  account_type: z.enum(['human', 'system']),
  roles: z.array(z.string()),
});
export const whoAmIAnswer = principal.extend({ expires_at: time.meta({ description: 'When the token ends' }) });
export const repositoryAnswer = z.object({
  name: z.string(),
  tag_count: z.int(),
  manifest_count: z.int(),
  total_size: bytes,
  created_at: time,
  last_push_at: time.optional(),
});
export const tagAnswer = z.object({
  name: z.string(),
  digest: z.string(),
  media_type: z.string(),
  size: bytes,
  updated_at: time,
});
export const manifestAnswer = z.object({
  digest: z.string(),
  media_type: z.string(),
  size: bytes,
  artifact_type: z.string().optional(),
  subject: z.string().optional(),
  created_at: time,
});
export const ruleAnswer = z.object({
  id: z.int(),
  priority: z.int(),
  description: z.string(),
  effect: z.enum(['allow', 'deny']),
  roles: z.array(z.string()),
  account_types: z.array(z.enum(['human', 'system'])),
  subject: z.string().optional(),
  actions: z.array(z.enum(actions)),
  repositories: z.array(z.string()),
  enabled: z.boolean(),
  created_by: z.string().optional(),
  created_at: time.optional(),
  updated_at: time.optional(),
  warnings: z
    .array(z.string())
    .meta({ description: 'Parts of the rule that match nothing, or less than they look like' }),
});
export const explainAnswer = z.object({
  effect: z.enum(['allow', 'deny']),
  rule_id: z.int().optional().meta({ description: 'The rule that decided; absent when none matched, which denies' }),
  rule: ruleAnswer.optional().meta({ description: 'The same rule as a whole; for admins' }),
  matches: z.array(ruleAnswer).meta({ description: 'Every rule that matched; empty for other callers than admins' }),
  principal,
});
export const auditAnswer = z.object({
  id: z.int(),
  event_type: z.enum(auditEventTypes),
  at: time,
  actor: z.object({ id: z.string().optional(), name: z.string().optional(), ip: z.string().optional() }),
  repository: z.string().optional(),
  digest: z.string().optional(),
  details: z.record(z.string(), z.string()),
});
export const runAnswer = z.object({
  id: z.string(),
  reconcile: z.boolean(),
  trigger: z.enum(['schedule', 'api']),
  state: z.enum(['running', 'completed', 'failed']),
  started_at: time,
  completed_at: time.optional(),
  blobs_removed: z.int(),
  bytes_freed: bytes,
  uploads_removed: z.int(),
  examined: z.int(),
  orphans_removed: z.int(),
  missing_files: z.int(),
  error: z.string().optional(),
});
export const gcStatusAnswer = z.object({
  running: z.boolean(),
  current_run: runAnswer.optional(),
  last_run: runAnswer.optional(),
  pending: z.object({
    blobs: z.int(),
    bytes,
    first_due_at: time.optional(),
    last_due_at: time.optional(),
  }),
  next_run_at: time.optional(),
});
export const gcBody = z.strictObject({ reconcile: z.boolean().default(false) });
export const snapshotAnswer = z.object({ name: z.string(), size: bytes, created_at: time });
export const accountAnswer = principal.extend({ enabled: z.boolean(), created_at: time, updated_at: time });
export const statisticsAnswer = z.object({
  repositories: z.int(),
  manifests: z.int(),
  tags: z.int(),
  blobs: z.int(),
  blob_bytes: bytes,
  uploads: z.int(),
});

import { actions, maxGlobLength, patternProblem, RegistryError } from '@mcr/core';
import * as z from 'zod';

/** Bounds that no real rule reaches; they keep evaluation and events small. */
const maxListLength = 100;
const maxTextLength = 1_000;
const maxPriority = 1_000_000;

const word = z
  .string()
  .max(128)
  .regex(/^\S(?:.*\S)?$/u, 'must not be empty, nor begin or end with a space');
const words = z.array(word).max(maxListLength);
const glob = z
  .string()
  .min(1, 'must not be empty; leave the list empty for every repository')
  .max(maxGlobLength)
  .superRefine((pattern, context) => {
    const message = problemOf(pattern);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

function problemOf(pattern: string): string | undefined {
  try {
    return patternProblem(pattern);
  } catch (error) {
    if (error instanceof RegistryError) return error.message;
    throw error;
  }
}

/** `null` and the empty text match every account; protobuf has no null, JSON has both. Ids are in lower case here. */
const subject = z.uuid().toLowerCase().or(z.literal('')).nullable();

/** A rule as a client writes it. Lists that are left out match everything. Priority 0 is for the built-in rules. */
export const ruleInput = z.strictObject({
  priority: z.int().min(1).max(maxPriority),
  description: z.string().max(maxTextLength).default(''),
  effect: z.enum(['allow', 'deny']),
  roles: words.default([]),
  account_types: z
    .array(z.enum(['human', 'system']))
    .max(2)
    .default([]),
  subject: subject.optional(),
  actions: z.array(z.enum(actions)).max(actions.length).default([]),
  repositories: z.array(glob).max(maxListLength).default([]),
  enabled: z.boolean().default(true),
});

/** Changes to a rule; what is left out stays. */
export const rulePatch = z.strictObject({
  priority: ruleInput.shape.priority.optional(),
  description: z.string().max(maxTextLength).optional(),
  effect: ruleInput.shape.effect.optional(),
  roles: words.optional(),
  account_types: z
    .array(z.enum(['human', 'system']))
    .max(2)
    .optional(),
  subject: subject.optional(),
  actions: z.array(z.enum(actions)).max(actions.length).optional(),
  repositories: z.array(glob).max(maxListLength).optional(),
  enabled: z.boolean().optional(),
});

export type RuleInput = z.input<typeof ruleInput>;
export type RulePatch = z.input<typeof rulePatch>;

import type { Field } from '../../output/field.ts';
import type { Rule } from './rule.ts';

/** Whose request is judged; empty fields are not known. */
export interface Subject {
  readonly id: string;
  readonly username: string;
  readonly account_type: string;
  readonly roles: readonly string[];
}

/** A request to judge. */
export interface Question {
  readonly principal: Subject;
  readonly action: string;
  readonly repository?: string | undefined;
}

/** How a request is decided, and why. */
export interface Explanation {
  readonly effect: string;
  /** Absent when no rule matched. */
  readonly rule_id: number | undefined;
  /** Absent for other callers than admins, too. */
  readonly rule: Rule | undefined;
  readonly principal: Subject;
  readonly matches: readonly Rule[];
}

/** Fields of an explanation. */
export const explanationFields: readonly Field<Explanation>[] = [
  { name: 'effect', describe: '`allow` or `deny`', tones: { allow: 'green', deny: 'red' } },
  { name: 'rule_id', kind: 'object', describe: 'Id of the rule that decided; null when none matched, which denies' },
  { name: 'rule', kind: 'object', describe: 'The rule that decided; null when none matched, and for all but admins' },
  { name: 'principal', kind: 'object', describe: 'The account that was judged' },
  {
    name: 'matches',
    kind: 'object',
    describe: 'Every rule that matched, in the order of evaluation; empty for all but admins',
  },
];

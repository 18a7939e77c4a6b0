import type { StoredPolicyRule } from '../facets/policy.ts';
import { openToLook } from './examine-database.ts';

type Rule = Pick<
  StoredPolicyRule,
  'id' | 'description' | 'roles' | 'accountTypes' | 'actions' | 'repositories' | 'rewrittenFrom'
>;

/**
 * The stored policy rules of a database that stays as it is: of any schema, and beside a server that uses it. None when
 * it has no such table yet. Throws what SQLite says of a file that it cannot read.
 */
export function readPolicyRules(path: string): readonly Rule[] {
  const sqlite = openToLook(path);
  try {
    const has = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'policy_rules'").get();
    if (has === undefined) return [];
    const rewritten = "SELECT 1 FROM pragma_table_info('policy_rules') WHERE name = 'rewritten_from'";
    const isRewritten = sqlite.prepare(rewritten).get() !== undefined;
    const columns = `id, description, roles, account_types AS accountTypes, actions, repositories, ${isRewritten ? 'rewritten_from' : 'NULL'} AS rewrittenFrom`;
    const rows = sqlite.prepare(`SELECT ${columns} FROM policy_rules ORDER BY priority, id`).all();
    return (rows as unknown as readonly Row[]).map(toRule).map(isRewritten ? (rule) => rule : asAfterUpgrade);
  } finally {
    sqlite.close();
  }
}

function toRule({ id, description, rewrittenFrom, ...lists }: Row): Rule {
  return {
    id,
    description,
    roles: JSON.parse(lists.roles),
    accountTypes: JSON.parse(lists.accountTypes),
    actions: JSON.parse(lists.actions),
    repositories: JSON.parse(lists.repositories),
    ...(rewrittenFrom !== null && { rewrittenFrom: JSON.parse(rewrittenFrom) }),
  };
}

/** What the migration `pattern-meaning` is going to make of it. */
function asAfterUpgrade(rule: Rule): Rule {
  const former = rule.repositories.map((pattern) =>
    pattern.replaceAll('{username}', String.raw`\{username}`).replaceAll(/\*{2,}/g, '*'),
  );
  const isSame = former.every((pattern, at) => pattern === rule.repositories[at]);
  return isSame ? rule : { ...rule, repositories: former, rewrittenFrom: rule.repositories };
}

interface Row {
  readonly id: number;
  readonly description: string;
  readonly roles: string;
  readonly accountTypes: string;
  readonly actions: string;
  readonly repositories: string;
  readonly rewrittenFrom: string | null;
}

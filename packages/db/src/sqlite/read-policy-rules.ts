import type { StoredPolicyRule } from '../facets/policy.ts';
import { openToLook } from './examine-database.ts';

type Rule = Pick<StoredPolicyRule, 'id' | 'description' | 'roles' | 'accountTypes' | 'actions' | 'repositories'>;

/**
 * The stored policy rules of a database that stays as it is: of any schema, and beside a server that uses it. None when
 * it has no such table yet. Throws what SQLite says of a file that it cannot read.
 */
export function readPolicyRules(path: string): readonly Rule[] {
  const sqlite = openToLook(path);
  try {
    const has = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'policy_rules'").get();
    if (has === undefined) return [];
    const columns = 'id, description, roles, account_types AS accountTypes, actions, repositories';
    const rows = sqlite.prepare(`SELECT ${columns} FROM policy_rules ORDER BY priority, id`).all();
    return (rows as unknown as readonly Row[]).map(({ id, description, ...lists }) => ({
      id,
      description,
      roles: JSON.parse(lists.roles),
      accountTypes: JSON.parse(lists.accountTypes),
      actions: JSON.parse(lists.actions),
      repositories: JSON.parse(lists.repositories),
    }));
  } finally {
    sqlite.close();
  }
}

interface Row {
  readonly id: number;
  readonly description: string;
  readonly roles: string;
  readonly accountTypes: string;
  readonly actions: string;
  readonly repositories: string;
}

import type { Client } from '../../api/client.ts';
import { CliError } from '../../cli/errors.ts';
import type { Rule } from './rule.ts';

/** Rules with the names of the accounts that they name by UUID; for admins. */
export async function withNames(client: Client, rules: readonly Rule[]): Promise<readonly Rule[]> {
  const ids = new Set(
    rules.flatMap(({ subject, except_subjects: except }) => [...(subject ? [subject] : []), ...except]),
  );
  if (ids.size === 0) return rules;
  // Only admins may list accounts: a delegate who tried would be in the audit log with each list of rules.
  const { principal } = await client.call('auth.whoAmI', {}, { to: 'see whether you are an admin' });
  if (principal?.roles.includes('admin') !== true) return rules;
  const names = await findNames(client, ids);
  return rules.map((rule) => ({
    ...rule,
    subject_name: names.get(rule.subject ?? ''),
    except_subject_names: rule.except_subjects.map((id) => names.get(id) ?? id),
  }));
}

/** Names of accounts and people. Those that have been deleted, or that the caller may not list, have none. */
async function findNames(client: Client, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const about = { to: 'name the accounts of the rules' };
  const lists = [
    client.pages('admin.listAccounts', {}, about, ({ accounts }) => accounts),
    client.pages('admin.listIdentities', {}, about, ({ identities }) => identities),
  ];
  for (const list of lists) {
    if (names.size === ids.size) break;
    try {
      for await (const page of list) {
        for (const { id, username } of page) if (ids.has(id)) names.set(id, username);
        if (names.size === ids.size) break;
      }
    } catch (error) {
      // The rules are what the user wants; UUIDs do as well.
      if (!(error instanceof CliError)) throw error;
    }
  }
  return names;
}

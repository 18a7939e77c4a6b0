import {
  type Config,
  type ConfigProblem,
  checkPermissions,
  readCertificatePair,
  StartError,
  validityProblem,
  webListenerWarnings,
  workerWarnings,
} from '@mcr/config';
import { guest, type PolicyRule, ruleWarnings } from '@mcr/core';
import { hasAccountNamed, type MetadataStore, readPolicyRules } from '@mcr/db';

/** What an operator should see to, although the server starts; `path` is the file of the configuration. */
export function startWarnings(config: Config, path: string): ConfigProblem[] {
  const { warnings } = checkPermissions(config, path);
  return [...warnings, ...webListenerWarnings(config), ...workerWarnings(config.server), ...readOnlyWarnings(config)];
}

function readOnlyWarnings({ server }: Config): ConfigProblem[] {
  if (!server.readOnly) return [];
  return [{ key: 'server.read_only', message: 'every change is rejected with 503, and no garbage is collected' }];
}

/** The same of the certificate, which the server's log repeats for each one that it loads. */
export function certificateWarnings({ server }: Config): ConfigProblem[] {
  try {
    const { certificate } = readCertificatePair({
      section: 'server',
      certPath: server.tlsCert,
      keyPath: server.tlsKey,
    });
    const problem = validityProblem(certificate);
    return problem === undefined ? [] : [{ key: 'server.tls_cert', message: `"${server.tlsCert}" ${problem}` }];
  } catch (error) {
    // A pair that cannot be used is a problem of its own.
    if (error instanceof StartError) return [];
    throw error;
  }
}

type Rule = Pick<PolicyRule, 'id' | 'description' | 'roles' | 'accountTypes' | 'actions' | 'repositories'>;

/** A rule from before odd ones were rejected stops nothing. */
function policyWarnings(rules: readonly Rule[]): ConfigProblem[] {
  return rules.flatMap((rule) => ruleWarnings(rule).map((message) => ({ key: `policy rule ${rule.id}`, message })));
}

/** The name of guests was free before 0.2: an account that has it works as before. */
const guestAccount: ConfigProblem = {
  key: `account ${guest.username}`,
  message: `guests have this name in logs, in the audit log and in rules, so that new accounts cannot have it: create an account of another name in its place, and delete this one`,
};

/** What is odd about stored rules and accounts, for the log at the start. */
export async function storeWarnings({
  policy,
  accounts,
}: Pick<MetadataStore, 'policy' | 'accounts'>): Promise<ConfigProblem[]> {
  const [rules, account] = await Promise.all([policy.listRules(), accounts.findByName(guest.username)]);
  return [...policyWarnings(rules), ...(account === undefined ? [] : [guestAccount])];
}

/** The same of a database that no server need have open; none where it cannot be read, which is a problem of its own. */
export function databaseWarnings(path: string): ConfigProblem[] {
  try {
    return [...policyWarnings(readPolicyRules(path)), ...(hasAccountNamed(path, guest.username) ? [guestAccount] : [])];
  } catch {
    return [];
  }
}

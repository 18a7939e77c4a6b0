import type { ConfigProblem } from './errors.ts';
import { type SettingKey, sectionNames, settingKeys } from './schema/keys.ts';
import { closest } from './suggest.ts';

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The part of the configuration that is set in the environment. */
export interface Overrides {
  /** Values by key name, such as `server.listen_addr`, in the form that they have in the file. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly problems: readonly ConfigProblem[];
}

/** Variables of the programs that are not configuration keys. */
const otherVariables = /^MCR_(?:CONFIG|TOKEN|SERVER|GRPC|CA_CERT|BUILD_VERSION|BUILD_COMMIT|TEST_.*)$/;

/** Kubernetes sets these in every container next to a service that is called `mcr-web`, for example. */
const serviceLinks =
  /_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/;

const settingsByVariable: ReadonlyMap<string, SettingKey> = new Map(
  settingKeys.map((setting) => [setting.variable, setting]),
);

/** Reads the `MCR_<SECTION>_<KEY>` variables. */
export function readOverrides(env: Environment): Overrides {
  const values = new Map<string, unknown>();
  const problems: ConfigProblem[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (text === undefined || !variable.startsWith('MCR_')) continue;
    const setting = settingsByVariable.get(variable);
    if (setting) values.set(setting.name, fromText(setting, text));
    else problems.push(...checkUnknown(variable));
  }
  return { values, problems };
}

function fromText({ kind }: SettingKey, text: string): unknown {
  if (kind === 'flag' && (text === 'true' || text === 'false')) return text === 'true';
  if (kind !== 'list') return text;
  const items = text.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '');
}

/** Rejects variables that are not ours only if they look like a misspelled key. */
function checkUnknown(variable: string): ConfigProblem[] {
  if (otherVariables.test(variable) || serviceLinks.test(variable)) return [];
  const suggestion = closest(variable, settingsByVariable.keys());
  const inSection = sectionNames.some((section) => variable.startsWith(`MCR_${section.toUpperCase()}_`));
  if (!suggestion && !inSection) return [];
  const hint = suggestion ? `did you mean ${suggestion}?` : 'remove it, or see docs/configuration.md for the keys';
  return [{ key: variable, message: `is not a known variable; ${hint}` }];
}

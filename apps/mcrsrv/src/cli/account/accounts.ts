import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { CliError } from '@mcr/cli';
import { RegistryError, systemClock } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { type FieldProblem, timeText, validate } from '@mcr/rpc';
import type { Account } from '@mcr/rpc/mcr/v1/admin_pb';
import { type AccountParts, requireLocalAccounts } from '../../admin/accounts/account.ts';
import { type Call, createLocalCall } from '../../admin/call.ts';
import { invalidRequest } from '../../admin/invalid-request.ts';
import type { Operation } from '../../admin/operation.ts';
import { confirmByName } from '../input.ts';
import { readConfig, withStore } from '../options.ts';
import { print, say } from '../output.ts';

/** Calls an operation of the API on local accounts. Throws a CliError that names what was wrong by its place in the command. */
export type RunOperation = <I extends DescMessage, O extends DescMessage>(
  operation: Operation<I, O, AccountParts>,
  request: MessageInitShape<I>,
  call?: Partial<Call>,
) => Promise<MessageShape<O>>;

/** Checks a request before anything more is asked for. Throws a CliError for what the rules of its proto reject. */
export type CheckRequest = <I extends DescMessage>(
  operation: { readonly method: { readonly input: I } },
  request: MessageInitShape<I>,
) => void;

/** What a command on accounts works with; loaded with the first of them, since `--help` needs none of it. */
export interface LocalAccounts {
  readonly run: RunOperation;
  readonly check: CheckRequest;
  /** Id and roles of the account of this name. Throws with a hint when there is none. */
  readonly find: (name: string) => Promise<{ readonly id: string; readonly roles: readonly string[] }>;
}

/** Runs `task` on the accounts of the configured registry. Throws where identities live elsewhere. */
export async function withAccounts<T>(configPath: string, task: (accounts: LocalAccounts) => Promise<T>): Promise<T> {
  const settings = { localAccounts: readConfig(configPath).auth.provider === 'local' };
  requireLocalAccounts({ settings });
  return await withStore(configPath, (store) => task(localAccounts(store)));
}

/** The local accounts in a store. */
export function localAccounts(store: MetadataStore): LocalAccounts {
  const services: AccountParts = { store, clock: systemClock, settings: { localAccounts: true } };
  return {
    async run(operation, request, call) {
      const message = create(operation.method.input, request);
      try {
        return await operation.run(services, createLocalCall(call), message);
      } catch (error) {
        throw error instanceof RegistryError ? inWordsOfTheCommand(error, message) : error;
      }
    },
    check({ method: { input } }, request) {
      const message = create(input, request);
      const problems = validate(input, message);
      if (problems.length > 0) throw inWordsOfTheCommand(invalidRequest(problems), message);
    },
    async find(name) {
      const account = await store.accounts.findByName(name);
      if (account !== undefined) return account;
      throw new CliError(`There is no account ${name}; see mcrsrv account list`);
    },
  };
}

/**
 * Makes a change that the admin API rejects for the last enabled admin: on the host it may be meant, so it is confirmed.
 * Throws when it is not.
 */
export async function confirmLastAdmin<T>(
  name: string,
  yes: boolean,
  change: (call: Pick<Call, 'evenLastAdmin'>) => Promise<T>,
): Promise<T> {
  try {
    return await change({});
  } catch (error) {
    const { cause } = error as Error;
    if (!(cause instanceof RegistryError) || cause.code !== 'CONFLICT') throw error;
    await confirmByName(`leave the registry without an enabled admin, since ${name} is the last one`, name, yes);
    const changed = await change({ evenLastAdmin: true });
    say(`${name} was the last enabled admin; mcrsrv account create NAME --role admin makes another one`);
    return changed;
  }
}

/** Prints an account as one line of JSON. */
export function printAccount({ id, username, accountType: type, roles, enabled, createdAt }: Account): void {
  print(JSON.stringify({ id, username, type, roles, enabled, createdAt: createdAt && timeText(createdAt) }));
}

type Fields = Readonly<Record<string, unknown>>;

/** Where a field of a request stands in a command; a password is never repeated. */
const places: Readonly<Record<string, (fields: Fields, at: number) => string>> = {
  username: ({ username }) => `<name> ${JSON.stringify(username)}`,
  password: () => 'the password',
  roles: ({ roles }, at) => (Number.isNaN(at) ? '--role' : `--role ${JSON.stringify(rolesIn(roles)[at])}`),
};

/** Roles are a list, or one that can be absent. */
function rolesIn(roles: unknown): readonly string[] {
  return Array.isArray(roles) ? roles : (roles as { readonly values: readonly string[] }).values;
}

function inWordsOfTheCommand(cause: RegistryError, fields: Fields): CliError {
  const problems: readonly FieldProblem[] = Array.isArray(cause.detail) ? cause.detail : [];
  const words = problems.map(({ field, problem }) => {
    const [name = '', at] = field.split('.');
    return `${places[name]?.(fields, Number(at ?? Number.NaN)) ?? field}: ${problem}`;
  });
  return new CliError(words.join('; ') || cause.message, { cause });
}

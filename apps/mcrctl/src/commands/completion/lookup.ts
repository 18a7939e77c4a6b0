import type { Completion } from '../../cli/command.ts';
import type { CommandContext } from '../../cli/context.ts';
import { createContext } from '../../cli/create-context.ts';
import type { Io } from '../../cli/io.ts';
import { createPrinter } from '../../output/printer.ts';
import type { Candidate, Lookup } from './candidates.ts';

/** Somebody is waiting with a finger on the tab key. Milliseconds, for everything. */
const patience = 2_000;
/** More cannot be looked through at a prompt. */
const limit = 200;

/** Finds what begins with `prefix`, and perhaps more. */
type Find = (context: CommandContext, prefix: string) => AsyncGenerator<readonly Candidate[]>;

const finders: Readonly<Record<Completion, Find>> = {
  async *repository({ rest }, prefix) {
    const { listRepositories } = await import('../repo/client.ts');
    for await (const page of listRepositories(await rest(), { last: justBefore(prefix), limit })) {
      yield page.map(({ name }) => ({ value: name }));
    }
  },
  async *tag(context, prefix) {
    const end = prefix.lastIndexOf(':');
    if (end === -1) {
      for await (const page of finders.repository(context, prefix))
        yield page.map(({ value }) => ({ value: `${value}:` }));
      return;
    }
    const { listTags } = await import('../tag/client.ts');
    const repository = prefix.slice(0, end);
    const last = justBefore(prefix.slice(end + 1));
    for await (const page of listTags(await context.rest(), repository, { last, limit })) {
      yield page.map(({ name }) => ({ value: `${repository}:${name}` }));
    }
  },
  async *account({ rpc }) {
    const { listAccounts } = await import('../account/client.ts');
    for await (const page of listAccounts(await rpc())) yield page.map(({ username }) => ({ value: username }));
  },
  async *rule({ rpc }) {
    const { listRules } = await import('../policy/client.ts');
    for await (const page of listRules(await rpc(), undefined, false)) {
      yield page.map(({ id, description }) => ({ value: String(id), describe: description }));
    }
  },
  async *file() {},
};

/**
 * A text that is sorted before every name with this prefix, and behind the names before those: the last character is
 * one less, and what comes then is behind all that names are made of.
 */
function justBefore(prefix: string): string | undefined {
  if (prefix === '') return undefined;
  return `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) - 1)}~`;
}

/** Asks the server that the line is about. */
export function serverLookup(io: Io): Lookup {
  return async (kind, prefix, { given }) => {
    const { server, grpc, token, 'ca-cert': caCert } = given;
    const quiet = { quiet: true, noColor: true };
    const hasty = { ...io, signal: AbortSignal.any([io.signal, AbortSignal.timeout(patience)]) };
    const print = createPrinter(hasty, { ...quiet, selected: undefined });
    using context = createContext({ server, grpc, token, caCert, ...quiet }, hasty, print);
    const found: Candidate[] = [];
    for await (const page of finders[kind](context, prefix)) {
      found.push(...page.filter(({ value }) => value.startsWith(prefix)));
      if (found.length >= limit) break;
    }
    return found;
  };
}

import type { Completion } from '../../cli/command.ts';
import type { CommandContext } from '../../cli/context.ts';
import { createContext } from '../../cli/create-context.ts';
import type { Io } from '../../cli/io.ts';
import { createPrinter } from '../../output/printer.ts';
import type { Candidate, Lookup } from './candidates.ts';

/** Somebody is waiting with a finger on the tab key. */
const timeout = '2s';
/** More cannot be looked through at a prompt. */
const limit = 200;

type Find = (context: CommandContext, prefix: string) => AsyncGenerator<readonly Candidate[]>;

const finders: Readonly<Record<Completion, Find>> = {
  async *repository({ rest }, prefix) {
    const { listRepositories } = await import('../repo/client.ts');
    for await (const page of listRepositories(await rest(), { search: prefix, limit })) {
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
    for await (const page of listTags(await context.rest(), repository, limit)) {
      yield page.map(({ name }) => ({ value: `${repository}:${name}` }));
    }
  },
  async *account({ rpc }) {
    const { listAccounts } = await import('../account/client.ts');
    for await (const page of listAccounts(await rpc(), limit)) yield page.map(({ username }) => ({ value: username }));
  },
  async *rule({ rpc }) {
    const { listRules } = await import('../policy/client.ts');
    for await (const page of listRules(await rpc(), limit, false)) {
      yield page.map(({ id, description }) => ({ value: String(id), describe: description }));
    }
  },
  async *file() {},
};

/** Asks the server that the line is about. */
export function serverLookup(io: Io): Lookup {
  return async (kind, prefix, { given }) => {
    const { server, grpc, token, 'ca-cert': caCert } = given;
    const quiet = { quiet: true, noColor: true };
    const print = createPrinter(io, { ...quiet, selected: undefined });
    using context = createContext({ server, grpc, token, caCert, timeout, ...quiet }, io, print);
    const found: Candidate[] = [];
    for await (const page of finders[kind](context, prefix)) found.push(...page);
    return found;
  };
}

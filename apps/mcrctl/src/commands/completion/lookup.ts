import { type CommandContext, createContext } from '../../cli/context.ts';
import type { Io } from '../../cli/io.ts';
import type { Completion } from '../../cli/option.ts';
import { plainLayout } from '../../output/layout.ts';
import { createPrinter } from '../../output/printer.ts';
import { contextName } from '../../settings/profiles.ts';
import type { Candidate, Line, Lookup } from './candidates.ts';

/** Total timeout in milliseconds, since a user waits after pressing the tab key. */
const timeoutMs = 2_000;
/** More candidates are useless at a prompt. */
const limit = 200;

/** Finds names that begin with `prefix`, and possibly others; options that stand before the cursor are `given`. */
type Find = (context: CommandContext, prefix: string, given: Line['given']) => AsyncGenerator<readonly Candidate[]>;

/** Errors are not shown. */
const about = { to: 'complete a name' };

const finders: Readonly<Record<Completion, Find>> = {
  async *repository({ client }, prefix) {
    const list = (await client()).pages(
      'registry.listRepositories',
      { search: prefix || undefined },
      about,
      (it) => it.repositories,
    );
    for await (const page of list) yield page.map(({ name }) => ({ value: name }));
  },
  async *tag(context, prefix) {
    const end = prefix.lastIndexOf(':');
    if (end === -1) {
      for await (const page of finders.repository(context, prefix, {}))
        yield page.map(({ value }) => ({ value: `${value}:` }));
      return;
    }
    const [repository, search] = [prefix.slice(0, end), prefix.slice(end + 1) || undefined];
    const list = (await context.client()).pages('registry.listTags', { repository, search }, about, (it) => it.tags);
    for await (const page of list) yield page.map(({ name }) => ({ value: `${repository}:${name}` }));
  },
  async *account({ client }) {
    const list = (await client()).pages('admin.listAccounts', {}, about, (it) => it.accounts);
    for await (const page of list) yield page.map(({ username }) => ({ value: username }));
  },
  async *identity({ client }) {
    const list = (await client()).pages('admin.listIdentities', {}, about, (it) => it.identities);
    for await (const page of list)
      yield page.map(({ username, provider }) => ({ value: username ?? '', describe: provider ?? '' }));
  },
  async *token({ client }, _prefix, { account }) {
    const list = (await client()).pages(
      'tokens.listTokens',
      account === undefined ? {} : { account },
      about,
      (it) => it.tokens,
    );
    for await (const page of list) yield page.map(({ name, username }) => ({ value: name, describe: username }));
  },
  async *rule({ client }) {
    const list = (await client()).pages('policy.listPolicyRules', {}, about, (it) => it.rules);
    for await (const page of list) {
      yield page.map(({ id, description }) => ({ value: String(id), describe: description }));
    }
  },
  async *context({ settings }) {
    yield settings()
      .profiles.list()
      .map((profile) => ({ value: contextName(profile), describe: profile.server }));
  },
  async *file() {},
};

/** Queries the server of the line. */
export function serverLookup(io: Io): Lookup {
  return async (kind, prefix, { given }) => {
    const { server, context: login, grpc, token, 'ca-cert': caCert } = given;
    const quiet = { quiet: true, noColor: true };
    const bounded = { ...io, signal: AbortSignal.any([io.signal, AbortSignal.timeout(timeoutMs)]) };
    const print = createPrinter(bounded, { layout: plainLayout(), quiet: true });
    using context = createContext(
      { server, context: kind === 'context' ? undefined : login, grpc, token, caCert, ...quiet },
      bounded,
      print,
    );
    const found: Candidate[] = [];
    for await (const page of finders[kind](context, prefix, given)) {
      found.push(...page.filter(({ value }) => value.startsWith(prefix)));
      if (found.length >= limit) break;
    }
    return found;
  };
}

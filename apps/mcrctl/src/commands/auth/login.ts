import type { Client } from '../../api/client.ts';
import { needed } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { cancelled, usageError } from '../../cli/errors.ts';
import type { Input, Io } from '../../cli/io.ts';
import { readPassword } from '../../input/password.ts';
import type { Field } from '../../output/field.ts';
import { formatAgo } from '../../output/format.ts';
import { contextName, type Profile } from '../../settings/profiles.ts';
import type { Settings } from '../../settings/settings.ts';

interface Login {
  readonly server: string;
  readonly username: string;
  readonly expires_at: string;
}

const fields: readonly Field<Login>[] = [
  { name: 'server', describe: 'URL of the registry' },
  { name: 'username', describe: 'Name of the account' },
  { name: 'expires_at', kind: 'time', describe: 'Expiry of the login' },
];

const passwordHint = 'check the name and the password; an administrator can set a new one with mcrctl account passwd';

/** `mcrctl login`: `POST /v1/auth/login`, and a profile that stores the token for this server only. */
export const loginCommand = defineCommand({
  name: 'login',
  describe:
    'Log in to a registry and store the login; prompts for the password, or reads it from a pipe, or signs in at a provider',
  options: {
    username: { type: 'string', requiresArg: true, alias: 'u', describe: 'Account (default: prompt)' },
    sso: {
      type: 'string',
      value: 'PROVIDER',
      describe: 'Sign in with a browser at an OpenID provider (default: the only one)',
    },
  },
  examples: [
    ['mcrctl login --server https://localhost:8443 --ca-cert srv/tls/ca.crt --username admin', 'Log in as admin'],
    ['mcrctl login --username ci < password-file', 'Log in again, from a script'],
    [
      'mcrctl login --server https://registry.example.com --username ann --context prod',
      'Name the login, to have several',
    ],
    ['mcrctl login --sso', 'Sign in with a browser on this machine'],
  ],
  fields,
  async run({ io, print, client, settings }, { username: given, sso, json }) {
    if (sso !== undefined && given !== undefined)
      throw usageError('--sso and --username exclude each other', 'drop one');
    const api = await client();
    mustBeFree(settings());
    const { username, token, expires_at } = await (sso === undefined
      ? byPassword(api, io, given)
      : bySignIn(api, io, { provider: sso, say: (text) => print.say(text) }));
    const { profiles } = settings();
    const profile = profileOf(settings(), { server: api.server, username, token, expires_at });
    profiles.save(profile);
    profiles.select(profile);
    const until = formatAgo(Date.parse(expires_at), io.clock.now());
    print.say(`Logged in to ${api.server} as ${username}; the login ends ${until}`);
    if (io.env.MCR_TOKEN) print.say('MCR_TOKEN is set and takes precedence over this login');
    if (json !== undefined) print.item(fields, { server: api.server, username, expires_at });
  },
});

/** A login without a name of its own is named by its host, which may be the name that another login was given. */
function mustBeFree({ profiles, profile, context, server }: Settings): void {
  if (profile !== undefined || context.value !== undefined || server.value === undefined) return;
  const name = contextName({ server: server.value });
  const other = profiles.read(name);
  if (other === undefined) return;
  throw usageError(`the context ${name} is for ${other.server}`, 'add --context with another name');
}

type Issued = Pick<Login, 'username' | 'expires_at'> & { readonly token: string };

async function byPassword(api: Client, io: Io, given: string | undefined): Promise<Issued> {
  const username = given ?? (await askUsername(io.stdin));
  const password = await readPassword(io.stdin, username);
  const about = { to: `log in to ${api.server} as ${username}`, hints: { unauthenticated: passwordHint } };
  const { token, expires_at } = await api.call('auth.login', { username, password }, about);
  return { username, token, expires_at: needed(expires_at, 'time when the token expires') };
}

/** The browser comes back to a port of this machine; the registry does the rest. */
async function bySignIn(
  api: Client,
  io: Io,
  { provider, say }: { readonly provider: string; readonly say: (text: string) => void },
): Promise<Issued> {
  const about = { to: `sign in to ${api.server}` };
  // Loaded here alone, since no other command listens.
  const { listenForCallback } = await import('../../input/loopback.ts');
  using loopback = await listenForCallback(io.signal);
  const { location, state } = await api.call('auth.signIn', { provider, loopback_port: loopback.port }, about);
  say('Open this page in a browser on this machine to sign in:');
  say(location);
  const callback = await loopback.callback;
  const { token, expires_at, principal } = await api.call('auth.signIn', { state, callback }, about);
  const { username } = needed(principal, 'person');
  return { username, token, expires_at: needed(expires_at, 'time when the token expires') };
}

async function askUsername(stdin: Input): Promise<string> {
  if (!stdin.isTerminal) throw usageError('no account given', 'add --username');
  const reply = await stdin.ask('Username: ', false);
  if (reply === undefined) throw cancelled();
  if (reply.trim() !== '') return reply.trim();
  throw usageError('no account given', 'add --username');
}

/** Only values that were given are stored, not defaults. */
function profileOf({ context, grpc, caCert }: Settings, login: Login & { readonly token: string }): Profile {
  return {
    ...login,
    ...(context.value !== undefined && context.value !== contextName(login) && { context: context.value }),
    ...(grpc.value !== undefined && grpc.source !== 'default' && { grpc: grpc.value }),
    ...(caCert.value !== undefined && { ca_cert: caCert.value }),
  };
}

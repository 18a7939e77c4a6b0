import { defineCommand } from '../../cli/command.ts';
import { CliError } from '../../cli/errors.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { requireServer } from '../../settings/required.ts';
import type { Settings } from '../../settings/settings.ts';

/**
 * `mcrctl logout`: `POST /v1/auth/logout`; the profile keeps its addresses and deletes its token, whatever the server
 * responds.
 */
export const logoutCommand = defineCommand({
  name: 'logout',
  describe: 'Revoke the token of the last login and forget it',
  options: {},
  examples: [
    ['mcrctl logout', 'End the login that is in use'],
    ['mcrctl logout --server https://localhost:8443', 'End the login to another registry'],
  ],
  async run({ io, print, client, settings }) {
    const server = requireServer(settings());
    if (settings().token.value === undefined) return print.say(`You are not logged in to ${server}`);
    try {
      await (await client()).call('auth.logout', {}, { to: `log out of ${server}` });
    } catch (error) {
      if (io.signal.aborted || !(error instanceof CliError)) throw error;
      forgetToken(settings());
      if (settings().token.source !== 'profile') throw error;
      if (error.exitCode !== exitCodes.notLoggedIn) throw notRevoked(error, settings());
      return print.say(`Forgot the login to ${server}, which had already ended`);
    }
    forgetToken(settings());
    print.say(`Logged out of ${server}`);
  },
});

function notRevoked({ message, hint }: CliError, { profile }: Settings): CliError {
  const end = profile?.expires_at ?? 'it expires';
  return new CliError(`the token was forgotten but not revoked; it stays valid until ${end}: ${message}`, { hint });
}

/** A token from a flag or a variable is not in the profile, unless it is the same. */
function forgetToken({ profile, profiles, token }: Settings): void {
  if (profile === undefined || profile.token !== token.value) return;
  const { token: _token, expires_at: _expires, username: _username, ...rest } = profile;
  profiles.save(rest);
}

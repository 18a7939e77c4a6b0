import { defineCommand } from '../../cli/command.ts';
import { CliError } from '../../cli/errors.ts';
import { requireServer } from '../../settings/required.ts';
import type { Settings } from '../../settings/settings.ts';

/** `mcrctl logout`: `POST /v1/auth/logout`; the profile keeps its addresses and loses its token, whatever the server says. */
export const logoutCommand = defineCommand({
  name: 'logout',
  describe: 'Revoke the token of the last login and forget it',
  options: {},
  examples: [
    ['mcrctl logout', 'End the login that is in use'],
    ['mcrctl logout --server https://localhost:8443', 'End the login to another registry'],
  ],
  async run({ print, rest, settings }) {
    const server = requireServer(settings());
    if (settings().token.value === undefined) return print.say(`You are not logged in to ${server}`);
    const forget = (): void => forgetToken(settings());
    try {
      await (await rest()).send({ method: 'POST', path: '/v1/auth/logout', to: `log out of ${server}` });
    } catch (error) {
      forget();
      if (!(error instanceof CliError)) throw error;
      return print.say(`Forgot the token, but could not revoke it: ${error.message}`);
    }
    forget();
    print.say(`Logged out of ${server}`);
  },
});

/** A token that a flag or a variable brought is not the profile's to forget, unless it is the same. */
function forgetToken({ profile, profiles, token }: Settings): void {
  if (profile === undefined || profile.token !== token.value) return;
  const { token: _token, expires_at: _expires, username: _username, ...rest } = profile;
  profiles.save(rest);
}

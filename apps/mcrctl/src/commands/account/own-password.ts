import type { CommandContext } from '../../cli/context.ts';
import { readPasswordChange } from '../../input/password.ts';
import type { Settings } from '../../settings/settings.ts';
import { getCaller } from '../auth/whoami.ts';

/** AuthService.ChangePassword: asks for the current password, and keeps the token that takes the place of the old one. */
export async function changeOwnPassword({ io, print, client, settings }: CommandContext): Promise<void> {
  const api = await client();
  const { principal } = await getCaller(api);
  const { current, next } = await readPasswordChange(io.stdin, principal.username);
  const input = { current_password: current, new_password: next };
  const { token, expires_at: end } = await api.call('auth.changePassword', input, { to: 'change your password' });
  print.say('You have a new password; other logins of this account have ended');
  if (!remember(settings(), token, end)) {
    print.say('The token in use has ended, too, and is in no profile; log in again to get another');
  }
}

/** Whether the profile took the new token; one that a flag or a variable brought is not in it. */
function remember({ profile, profiles, token }: Settings, next: string, end: string | undefined): boolean {
  if (profile === undefined || profile.token !== token.value) return false;
  profiles.save({ ...profile, token: next, ...(end !== undefined && { expires_at: end }) });
  return true;
}

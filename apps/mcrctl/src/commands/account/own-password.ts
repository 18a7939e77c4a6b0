import type { CommandContext } from '../../cli/context.ts';
import { readPasswordChange } from '../../input/password.ts';
import type { Settings } from '../../settings/settings.ts';
import { getCaller } from '../auth/whoami.ts';

/** AuthService.ChangePassword: prompts for the current password, and stores the token that replaces the old one. */
export async function changeOwnPassword({ io, print, client, settings }: CommandContext): Promise<void> {
  const api = await client();
  const { principal } = await getCaller(api);
  const { current, next } = await readPasswordChange(io.stdin, principal.username);
  const input = { current_password: current, new_password: next };
  const { token, expires_at: end } = await api.call('auth.changePassword', input, { to: 'change your password' });
  print.say('Changed your password; other logins of this account have ended');
  if (!remember(settings(), token, end)) {
    print.say('The current token is no longer valid either, and is not in a profile; log in again for a new one');
  }
}

/** Whether the profile stores the new token; one from a flag or a variable is not in it. */
function remember({ profile, profiles, token }: Settings, next: string, end: string | undefined): boolean {
  if (profile === undefined || profile.token !== token.value) return false;
  profiles.save({ ...profile, token: next, ...(end !== undefined && { expires_at: end }) });
  return true;
}

import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import type { CommandContext } from '../../cli/context.ts';
import { readPasswordChange } from '../../input/password.ts';
import { isoTime } from '../../rpc/values.ts';
import type { Settings } from '../../settings/settings.ts';

/** AuthService.ChangePassword: asks for the current password, and keeps the token that takes the place of the old one. */
export async function changeOwnPassword({ io, print, rpc, settings }: CommandContext): Promise<void> {
  const { getCaller } = await import('../auth/client.ts');
  const client = await rpc();
  const { username } = await getCaller(client);
  const { current, next } = await readPasswordChange(io.stdin, username);
  const input = { currentPassword: current, newPassword: next };
  const { token, expiresAt } = await client.call(AuthService.method.changePassword, input, {
    to: 'change your password',
  });
  print.say('You have a new password; other logins of this account have ended');
  if (!remember(settings(), token, isoTime(expiresAt))) {
    print.say('The token in use has ended, too, and is in no profile; log in again to get another');
  }
}

/** Whether the profile took the new token; one that a flag or a variable brought is not in it. */
function remember({ profile, profiles, token }: Settings, next: string, end: string | undefined): boolean {
  if (profile === undefined || profile.token !== token.value) return false;
  profiles.save({ ...profile, token: next, ...(end !== undefined && { expires_at: end }) });
  return true;
}

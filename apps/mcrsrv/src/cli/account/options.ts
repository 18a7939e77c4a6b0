/** The positional argument of a command on one account. */
export const nameArgument = { name: { describe: 'Account name' } } as const;

/** How a new password comes in. */
export const passwordOptions = {
  'password-stdin': { type: 'boolean', default: false, describe: 'Read the password from standard input' },
} as const;

/** For a command that may take away the last admin. */
export const yesOption = {
  yes: { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' },
} as const;

/** For a command that prints accounts. */
export const jsonOption = {
  json: { type: 'boolean', default: false, describe: 'One JSON object a line' },
} as const;

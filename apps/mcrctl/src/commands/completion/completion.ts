import { defineCommand } from '../../cli/command.ts';
import { shells } from './shells.ts';

/** `mcrctl completion`: a script that calls `mcrctl __complete` for candidates. */
export const completionCommand = defineCommand({
  name: 'completion <shell>',
  describe: 'Print a shell script that completes commands, options, and names from the server',
  positionals: { shell: { describe: 'Your shell', choices: Object.keys(shells) } },
  options: {},
  examples: [
    ['source <(mcrctl completion bash)', 'In ~/.bashrc'],
    ['mcrctl completion zsh > "${fpath[1]}/_mcrctl"', 'Once, for zsh'],
    ['mcrctl completion fish > ~/.config/fish/completions/mcrctl.fish', 'Once, for fish'],
  ],
  async run({ print }, { shell }) {
    print.raw(shells[shell as keyof typeof shells]);
  },
});

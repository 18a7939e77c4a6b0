import type { Command } from '../cli/command.ts';
import { statusCommand } from './status.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [statusCommand];

import type { CommandSet } from '../../cli/command.ts';
import { type ExitCode, exitCodes } from '../../cli/exit-codes.ts';
import type { Io } from '../../cli/io.ts';
import { printable } from '../../output/format.ts';
import { findCandidates } from './candidates.ts';
import { serverLookup } from './lookup.ts';

/** `mcrctl __complete LINE`, which shells call: a candidate a line, or nothing when the server cannot be asked. */
export async function complete(line: string, set: CommandSet, io: Io): Promise<ExitCode> {
  try {
    const candidates = await findCandidates(line, set, serverLookup(io));
    for (const { value, describe = '' } of candidates) io.stdout.write(`${printable(value)}\t${printable(describe)}\n`);
    return exitCodes.ok;
  } catch {
    // A message in the middle of a line that is being typed would help nobody.
    return exitCodes.failed;
  }
}

import type { Io } from '../cli/io.ts';

/** A name and what is so about it. */
export type Fact = readonly [name: string, value: string];

/** Writes a command's data to stdout, in the form that its reader needs. */
export interface Printer {
  /** `json` with `--json`; else one fact a line: aligned for a person, tab-separated for a program. */
  facts(facts: readonly Fact[], json: unknown): void;
}

/** The printer of one invocation. */
export function createPrinter(io: Io, asJson: boolean): Printer {
  return {
    facts(facts, json) {
      if (asJson) io.stdout.write(`${JSON.stringify(json)}\n`);
      else for (const line of io.stdout.isTerminal ? align(facts) : tabulate(facts)) io.stdout.write(`${line}\n`);
    },
  };
}

function align(facts: readonly Fact[]): string[] {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return facts.map(([name, value]) => name.padEnd(width) + value);
}

function tabulate(facts: readonly Fact[]): string[] {
  return facts.map((fact) => fact.join('\t'));
}

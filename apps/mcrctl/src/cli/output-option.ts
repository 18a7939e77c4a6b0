import type { OutputFormat, Wanted } from '../output/choose-layout.ts';
import type { Field } from '../output/field.ts';
import type { Command } from './command.ts';
import { usageError } from './errors.ts';
import type { GlobalArguments } from './global-options.ts';
import { isBody, selectFields } from './json-option.ts';

/** The format of the output, and what commands find as `--json`: not undefined if every command is to print its item. */
interface WantedOutput extends Omit<Wanted, 'noColor'> {
  readonly json: string | undefined;
}

/** What `--json` and `--output` ask for together. Throws a usage error if they exclude each other or do not fit the command. */
export function wantedOutput({ json, output }: GlobalArguments, command: Command): WantedOutput {
  if (output === undefined) {
    return json === undefined
      ? { format: undefined, selected: [], json }
      : { format: 'json', selected: selectFields(json, command), json };
  }
  const isInput = json !== undefined && command.jsonBody === true && isBody(json);
  if (json !== undefined && !isInput) throw usageError('--json and --output exclude each other', 'omit one of them');
  mustFit(output, command);
  if (output === 'wide') return { format: output, selected: [], json };
  return { format: output, selected: command.fields ?? [], json: json ?? '' };
}

function mustFit(output: OutputFormat, { name, fields = [] }: Command): void {
  if (output === 'wide') return;
  if (fields.length === 0) throw usageError(`${name} has no ${output} output`, 'omit --output');
  const hasName = fields.some((field) => (field as Field<never>).reference !== undefined);
  if (output === 'name' && !hasName) throw usageError(`${name} prints nothing that has a name`, 'omit --output name');
}

import { defineCommand } from '../cli/command.ts';
import type { Field } from '../output/field.ts';
import { onePage } from '../output/printer.ts';
import type { Setting, Source } from '../settings/setting.ts';
import type { Settings } from '../settings/settings.ts';

interface Row {
  readonly name: string;
  readonly value: string | undefined;
  readonly source: Source;
  readonly from: string | undefined;
}

const fields: readonly Field<Row>[] = [
  { name: 'name', column: 'SETTING', describe: 'Name of the setting' },
  { name: 'value', column: 'VALUE', none: 'not set', describe: 'Value; a token is never shown, only `(set)`' },
  {
    name: 'source',
    column: 'SOURCE',
    describe: '`flag`, `environment`, `profile` or `default`: the first that has a value takes precedence',
  },
  {
    name: 'from',
    column: 'FROM',
    describe: 'Name of the flag or variable, or path of the profile; null for a default',
  },
];

/** `mcrctl config`: the effective settings, and their sources. */
export const configCommand = defineCommand({
  name: 'config',
  describe: 'Show the effective settings and their sources',
  options: {},
  examples: [
    ['mcrctl config', 'See which registry and login are used'],
    ['mcrctl config --json name,value', 'The same for a script'],
  ],
  fields,
  async run({ print, settings }) {
    await print.list(fields, onePage(rowsOf(settings())), 'No settings');
  },
});

function rowsOf({ context, server, grpc, caCert, token, timeout }: Settings): Row[] {
  const row = (name: string, { value, source, from }: Setting): Row => ({
    name,
    value,
    source,
    from: from || undefined,
  });
  const hidden = { ...token, value: token.value && '(set)' };
  return [
    row('context', context),
    row('server', server),
    row('grpc', grpc),
    row('ca-cert', caCert),
    row('token', hidden),
    row('timeout', timeout),
  ];
}

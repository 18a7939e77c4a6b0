import { type OutputFormat, outputs } from '../output/choose-layout.ts';
import type { Option } from './option.ts';

/** Options of every command. The variable in brackets sets the same value; the option takes precedence. */
export const globalOptions = {
  server: {
    type: 'string',
    requiresArg: true,
    value: 'URL',
    describe: 'URL of the registry, such as https://localhost:8443 (default: that of the last login) [MCR_SERVER]',
  },
  context: {
    type: 'string',
    requiresArg: true,
    value: 'NAME',
    complete: 'context',
    describe: 'Login to use, by its name in mcrctl context list (default: the one in use) [MCR_CONTEXT]',
  },
  grpc: {
    type: 'string',
    requiresArg: true,
    value: 'ADDRESS',
    describe: 'gRPC address of the registry (default: port 9443 of the same host) [MCR_GRPC]',
  },
  token: {
    type: 'string',
    requiresArg: true,
    describe: 'Token to use instead of the one stored by login; visible to other users of the machine [MCR_TOKEN]',
  },
  'ca-cert': {
    type: 'string',
    requiresArg: true,
    value: 'FILE',
    complete: 'file',
    describe: "PEM file of the CA that signed the registry's certificate [MCR_CA_CERT]",
  },
  timeout: {
    type: 'string',
    requiresArg: true,
    value: 'TIME',
    describe: 'Timeout of each request, such as 500ms, 30s or 5m (default: 30s)',
  },
  json: {
    type: 'string',
    value: '[FIELDS]',
    describe: 'Print JSON with all fields, or only some, as in --json name,size',
  },
  output: {
    type: 'string',
    requiresArg: true,
    alias: 'o',
    value: 'FORMAT',
    choices: outputs,
    describe: 'Print JSON, names alone, all columns, or YAML',
  },
  quiet: { type: 'boolean', default: false, alias: 'q', describe: 'Suppress messages other than errors' },
  'no-color': { type: 'boolean', default: false, describe: 'Disable colors [NO_COLOR]' },
} as const satisfies Record<string, Option>;

/** The values of the global options, as given. */
export interface GlobalArguments {
  readonly server?: string | undefined;
  readonly context?: string | undefined;
  readonly grpc?: string | undefined;
  readonly token?: string | undefined;
  readonly caCert?: string | undefined;
  readonly timeout?: string | undefined;
  /** Empty for all fields. */
  readonly json?: string | undefined;
  readonly output?: OutputFormat | undefined;
  readonly quiet: boolean;
  readonly noColor: boolean;
}

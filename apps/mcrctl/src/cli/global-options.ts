import type { Option } from './option.ts';

/** Options that every command takes. Those that name a variable can be given by it; the option wins. */
export const globalOptions = {
  server: {
    type: 'string',
    requiresArg: true,
    value: 'URL',
    describe: 'The registry, such as https://localhost:8443; that of the last login unless told [MCR_SERVER]',
  },
  grpc: {
    type: 'string',
    requiresArg: true,
    value: 'ADDRESS',
    describe: 'Its gRPC address; port 9443 of the same host unless told [MCR_GRPC]',
  },
  token: {
    type: 'string',
    requiresArg: true,
    describe: 'A token instead of the one that login keeps; other users of the machine can see it here [MCR_TOKEN]',
  },
  'ca-cert': {
    type: 'string',
    requiresArg: true,
    value: 'FILE',
    complete: 'file',
    describe: "PEM file of the authority that signed the registry's certificate [MCR_CA_CERT]",
  },
  timeout: {
    type: 'string',
    requiresArg: true,
    value: 'TIME',
    describe: 'Give up a request after this long: 500ms, 30s, 5m; 30s unless told',
  },
  json: { type: 'string', value: '[FIELDS]', describe: 'Print JSON: all fields, or some, as in --json name,size' },
  quiet: { type: 'boolean', default: false, alias: 'q', describe: 'Print no messages but errors' },
  'no-color': { type: 'boolean', default: false, describe: 'Print no colors [NO_COLOR]' },
} as const satisfies Record<string, Option>;

/** The values of the global options, as they were given. */
export interface GlobalArguments {
  readonly server?: string | undefined;
  readonly grpc?: string | undefined;
  readonly token?: string | undefined;
  readonly caCert?: string | undefined;
  readonly timeout?: string | undefined;
  /** Empty for all fields. */
  readonly json?: string | undefined;
  readonly quiet: boolean;
  readonly noColor: boolean;
}

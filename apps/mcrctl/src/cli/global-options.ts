import type { Options } from 'yargs';

/** Options that every command takes. Those that name a variable can be given by it; the option wins. */
export const globalOptions = {
  server: {
    type: 'string',
    requiresArg: true,
    describe: 'URL of the registry, such as https://localhost:8443 [MCR_SERVER]',
  },
  'ca-cert': {
    type: 'string',
    requiresArg: true,
    describe: "PEM file of the authority that signed the registry's certificate [MCR_CA_CERT]",
  },
  timeout: { type: 'string', requiresArg: true, default: '30s', describe: 'Give up after this long: 500ms, 30s, 5m' },
  json: { type: 'boolean', default: false, describe: 'Print JSON' },
} as const satisfies Record<string, Options>;

/** The values of the global options, as they were given. */
export interface GlobalArguments {
  readonly server?: string | undefined;
  readonly caCert?: string | undefined;
  readonly timeout: string;
  readonly json: boolean;
}

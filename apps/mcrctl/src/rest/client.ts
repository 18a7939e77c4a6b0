import { parseTimeout } from '../cli/duration.ts';
import type { GlobalArguments } from '../cli/global-options.ts';
import type { Io } from '../cli/io.ts';
import type { Health, Readiness } from './answers.ts';
import { readHealth, readReadiness } from './answers.ts';
import { getJson } from './get-json.ts';
import { parseServer } from './server-url.ts';
import { trustedAuthorities } from './trusted-authorities.ts';

/** The REST API of one registry. Everything it throws is a CliError. */
export interface RestClient {
  /** Origin of the registry, such as `https://localhost:8443`. */
  readonly server: string;
  /** `GET /v1/health`. */
  health(): Promise<Health>;
  /** `GET /v1/ready`. */
  ready(): Promise<Readiness>;
}

/** A client as the global options say; throws a usage error when they name no usable server. */
export function createRestClient(args: GlobalArguments, io: Io): RestClient {
  const server = parseServer(args.server || io.env.MCR_SERVER);
  const caFile = args.caCert || io.env.MCR_CA_CERT || undefined;
  const timeout = parseTimeout(args.timeout);
  const target = { server, caFile, ca: trustedAuthorities(caFile), timeout, cancelled: io.signal };
  return {
    server,
    health: async () => readHealth(await getJson(target, '/v1/health')),
    ready: async () => readReadiness(await getJson(target, '/v1/ready')),
  };
}

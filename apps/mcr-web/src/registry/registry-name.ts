import type { WebConfig } from '@mcr/config';
import type { HealthResponse } from '@mcr/rpc/mcr/v1/admin_pb';

const httpsPort = 443;

/**
 * The registry's name for container clients, such as `localhost:8443`: the host of its public URL, or else its port on
 * the host of the UI's URL.
 */
export function registryName({ publicUrl, port }: Pick<HealthResponse, 'publicUrl' | 'port'>, uiUrl: URL): string {
  if (publicUrl) return new URL(publicUrl).host;
  return port === httpsPort ? uiUrl.hostname : `${uiUrl.hostname}:${port}`;
}

/** The same for a page: by `web.public_url` if it is set, else by the address in the browser. */
export function nameFor(
  health: Pick<HealthResponse, 'publicUrl' | 'port'>,
  config: WebConfig,
  requestUrl: string,
): string {
  return registryName(health, new URL(config.web.publicUrl ?? requestUrl));
}

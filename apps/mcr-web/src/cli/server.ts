import { once } from 'node:events';
import { checkPermissions, loadWebConfig } from '@mcr/config';
import { createContext } from '../context.ts';
import { startServer } from '../server.ts';
import { assertNode, configOption, defineCommand } from './command.ts';

/** Command lines that start the web UI, and their effects. */
export const serverExamples = [
  ['mcr-web server --config /srv/mcr/mcr.toml', 'Serve as the file says'],
  ['MCR_WEB_LISTEN_ADDR=:8081 mcr-web server --config mcr.toml', 'The same on another port'],
] as const;

/** Another way to set what the file says. */
export const variablesNote = 'Each key can be overridden by a variable, such as MCR_WEB_LISTEN_ADDR';

/** `mcr-web server`: serves the web UI until the process is asked to stop. */
export const serverCommand = defineCommand({
  name: 'server',
  describe: 'Serve the web UI until SIGTERM or SIGINT',
  options: configOption,
  examples: serverExamples,
  notes: [variablesNote],
  run: async ({ env, stop }, { config: path }) => {
    assertNode();
    const config = loadWebConfig({ path, env });
    await using context = createContext(config);
    await using server = await startServer(context);
    for (const { key, message } of checkPermissions(config, path).warnings) context.log.warn({ key }, message);
    context.log.info({ url: server.url, metricsUrl: server.metricsUrl }, 'listening');
    if (!stop.aborted) await once(stop, 'abort');
    context.log.info('stopping');
  },
});

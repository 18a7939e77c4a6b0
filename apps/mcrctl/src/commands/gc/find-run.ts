import type { GCRun, GetGCStatusResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Client } from '../../api/client.ts';
import type { Json } from '../../api/json.ts';
import { CliError } from '../../cli/errors.ts';

/** RegistryService.GetGCStatus. */
export function getGcStatus(client: Client): Promise<Json<GetGCStatusResponse>> {
  return client.call('registry.getGCStatus', {}, { to: 'read the status of garbage collection' });
}

/** RegistryService.ListGCRuns: newest first. */
export function listGcRuns(client: Client, limit?: number): AsyncGenerator<readonly Json<GCRun>[]> {
  return client.pages('registry.listGCRuns', {}, { to: 'list the garbage collections', limit }, ({ runs }) => runs);
}

/** The current state of the run with this id. Others may have started since. */
export async function getGcRun(client: Client, id: string): Promise<Json<GCRun>> {
  const { current_run: current, last_run: last } = await getGcStatus(client);
  const recent = [current, last].find((run) => run?.id === id);
  if (recent !== undefined) return recent;
  for await (const page of listGcRuns(client)) {
    const run = page.find((it) => it.id === id);
    if (run !== undefined) return run;
  }
  throw new CliError(`garbage collection ${id} not found`, { hint: 'mcrctl gc list shows them' });
}

import type { ListSnapshotsResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import type { GetGCStatusResponse, ListGCRunsResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Space } from '../../registry/known-operation.ts';

/** Properties of the page. */
export interface StorageProps {
  readonly csrf: string;
  readonly status: GetGCStatusResponse;
  readonly url: URL;
  readonly runs: ListGCRunsResponse;
  readonly snapshots: ListSnapshotsResponse;
  readonly space: Space;
  readonly now: number;
}

import type {
  DescribeStorageResponse,
  GetStatisticsResponse,
  GetStorageUsageResponse,
  ListSnapshotsResponse,
} from '@mcr/rpc/mcr/v1/admin_pb';
import type { GetGCStatusResponse, ListGCRunsResponse } from '@mcr/rpc/mcr/v1/registry_pb';

/** Properties of the page. */
export interface StorageProps {
  readonly csrf: string;
  readonly status: GetGCStatusResponse;
  readonly url: URL;
  readonly runs: ListGCRunsResponse;
  readonly snapshots: ListSnapshotsResponse;
  readonly usage: GetStorageUsageResponse;
  readonly statistics: GetStatisticsResponse;
  readonly storage: DescribeStorageResponse;
  readonly now: number;
}

import type {
  DescribeStorageResponse,
  GetStatisticsResponse,
  GetStorageUsageResponse,
  Snapshot,
} from '@mcr/rpc/mcr/v1/admin_pb';
import type { ActivityDay } from '@mcr/rpc/mcr/v1/audit_pb';
import type { GetGCStatusResponse, ListRepositoriesResponse, Repository } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Remembering } from '../../ui/pull-box.ts';
import type { Push } from './pushes.ts';

/** The part that only admins see. */
export interface Operation {
  readonly statistics: GetStatisticsResponse;
  readonly usage: GetStorageUsageResponse;
  readonly storage: DescribeStorageResponse;
  readonly pushes: readonly Push[];
  readonly activity: readonly ActivityDay[];
  readonly gc: GetGCStatusResponse;
  /** `ready`, `degraded` or `unavailable`. */
  readonly status: string;
  /** Whether the storage responds. */
  readonly hasStorage: boolean;
  /** The newest copy of the database. */
  readonly snapshot: Snapshot | undefined;
}

/** Properties of the page. */
export interface HomeProps {
  /** The registry's name for container clients. */
  readonly name: string;
  /** Version of mcrsrv. */
  readonly version: string;
  /** Pushed to last; absent if the user may not list repositories. */
  readonly recent: readonly Repository[] | undefined;
  /** Largest first. */
  readonly largest: ListRepositoriesResponse | undefined;
  readonly operation: Operation | undefined;
  /** For the box of commands. */
  readonly remembering: Remembering;
  readonly now: number;
}

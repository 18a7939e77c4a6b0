import type { GetStatisticsResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import type { ListRepositoriesResponse, Repository } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Space, State } from '../../registry/known-operation.ts';
import type { Remembering } from '../../ui/pull-box.ts';
import type { Push } from './pushes.ts';

/** The part that only admins see. */
export interface Operation extends State {
  readonly statistics: GetStatisticsResponse;
  readonly space: Space;
  readonly pushes: readonly Push[];
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

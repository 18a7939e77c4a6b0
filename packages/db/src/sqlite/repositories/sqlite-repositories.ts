// Written by `npm run tables`. Do not edit.
import type { Repositories } from '../../facets/repositories.ts';
import { SqliteFacet } from '../facet.ts';
import { deleteRepository, removeDeleted } from './delete-repository.ts';
import { listLayers } from './list-layers.ts';
import { listRepositories } from './list-repositories.ts';
import { getRepositorySummary, listRepositorySummaries } from './repository-summaries.ts';
import { referencedBytes, repositoryUsage } from './repository-usage.ts';
import { updateRepository } from './update-repository.ts';

/** {@link Repositories} in SQLite. */
export class SqliteRepositories extends SqliteFacet implements Repositories {
  readonly list = this.operation(listRepositories);
  readonly listSummaries = this.operation(listRepositorySummaries);
  readonly getSummary = this.operation(getRepositorySummary);
  readonly usage = this.operation(repositoryUsage);
  readonly listLayers = this.operation(listLayers);
  readonly referencedBytes = this.operation(referencedBytes);
  readonly update = this.operation(updateRepository);
  readonly delete = this.operation(deleteRepository);
  readonly removeDeleted = this.operation(removeDeleted);
}

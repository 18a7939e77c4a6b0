// Written by `npm run tables`. Do not edit.
import type { Tags } from '../../facets/tags.ts';
import { SqliteFacet } from '../facet.ts';
import { deleteTag } from './delete-tag.ts';
import { deleteTags, planTagDeletion } from './delete-tags.ts';
import { findTagsByPrefix } from './find-tags.ts';
import { listTagDetails } from './list-tag-details.ts';
import { listTagRecords, listTags } from './list-tags.ts';
import { countTags } from './matching-tags.ts';

/** {@link Tags} in SQLite. */
export class SqliteTags extends SqliteFacet implements Tags {
  readonly list = this.operation(listTags);
  readonly listRecords = this.operation(listTagRecords);
  readonly listDetails = this.operation(listTagDetails);
  readonly count = this.operation(countTags);
  readonly findByPrefix = this.operation(findTagsByPrefix);
  readonly delete = this.operation(deleteTag);
  readonly planDeletion = this.operation(planTagDeletion);
  readonly deleteMany = this.operation(deleteTags);
}

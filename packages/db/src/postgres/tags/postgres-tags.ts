// Written by `npm run tables`. Do not edit.
import type { Tags } from '../../facets/tags.ts';
import { PostgresFacet } from '../facet.ts';
import { countTags } from './count-tags.ts';
import { deleteTag } from './delete-tag.ts';
import { deleteTags, planTagDeletion } from './delete-tags.ts';
import { listTagDetails } from './list-tag-details.ts';
import { findTagsByPrefix, listTagRecords, listTags } from './list-tags.ts';

/** {@link Tags} in PostgreSQL. */
export class PostgresTags extends PostgresFacet implements Tags {
  readonly list = this.operation(listTags);
  readonly listRecords = this.operation(listTagRecords);
  readonly listDetails = this.operation(listTagDetails);
  readonly count = this.operation(countTags);
  readonly findByPrefix = this.operation(findTagsByPrefix);
  readonly delete = this.operation(deleteTag);
  readonly planDeletion = this.operation(planTagDeletion);
  readonly deleteMany = this.operation(deleteTags);
}

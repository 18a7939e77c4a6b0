// Written by `npm run tables`. Do not edit.
import type { Uploads } from '../../facets/uploads.ts';
import { SqliteFacet } from '../facet.ts';
import { advanceUpload } from './advance-upload.ts';
import { createUpload } from './create-upload.ts';
import { deleteUpload } from './delete-upload.ts';
import { uploadedBytes } from './upload-quota.ts';
import { getUpload, listIdleUploads } from './uploads.ts';

/** {@link Uploads} in SQLite. */
export class SqliteUploads extends SqliteFacet implements Uploads {
  readonly create = this.operation(createUpload);
  readonly recordedBytes = this.operation(uploadedBytes);
  readonly get = this.operation(getUpload);
  readonly advance = this.operation(advanceUpload);
  readonly delete = this.operation(deleteUpload);
  readonly listIdle = this.operation(listIdleUploads);
}

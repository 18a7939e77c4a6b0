// Written by `npm run tables`. Do not edit.
import type { Uploads } from '../../facets/uploads.ts';
import { SqliteFacet } from '../facet.ts';
import { advanceUpload } from './advance-upload.ts';
import { createUpload } from './create-upload.ts';
import { cutBackUpload } from './cut-back-upload.ts';
import { deleteUpload, reapUploads } from './delete-upload.ts';
import { uploadPieces } from './pieces.ts';
import { touchUpload } from './touch-upload.ts';
import { uploadedBytes } from './upload-quota.ts';
import { getUpload } from './uploads.ts';

/** {@link Uploads} in SQLite. */
export class SqliteUploads extends SqliteFacet implements Uploads {
  readonly create = this.operation(createUpload);
  readonly recordedBytes = this.operation(uploadedBytes);
  readonly get = this.operation(getUpload);
  readonly pieces = this.operation(uploadPieces);
  readonly advance = this.operation(advanceUpload);
  readonly cutBack = this.operation(cutBackUpload);
  readonly touch = this.operation(touchUpload);
  readonly delete = this.operation(deleteUpload);
  readonly reap = this.operation(reapUploads);
}

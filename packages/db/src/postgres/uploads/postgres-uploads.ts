// Written by `npm run tables`. Do not edit.
import type { Uploads } from '../../facets/uploads.ts';
import { PostgresFacet } from '../facet.ts';
import { advanceUpload } from './advance-upload.ts';
import { createUpload, uploadedBytes } from './create-upload.ts';
import { cutBackUpload } from './cut-back-upload.ts';
import { deleteUpload, reapUploads } from './delete-upload.ts';
import { getUpload, touchUpload } from './open-uploads.ts';
import { uploadPieces } from './pieces.ts';

/** {@link Uploads} in PostgreSQL. */
export class PostgresUploads extends PostgresFacet implements Uploads {
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

import type { TestBlob } from '@mcr/testkit';

/** An upload that was begun and is to become `blob`. */
export interface OpenUpload {
  readonly blob: TestBlob;
  location: string;
  /** Acknowledged bytes. */
  offset: number;
  /** Bytes that may have arrived: more than `offset` while a part has no response. */
  sent: number;
  /** The request under way that ends the upload, one way or the other. */
  ending?: 'finish' | 'cancel';
  /** Until when it must be there, milliseconds since the epoch. */
  until: number;
  /** Whether its repository was deleted since it was begun, and the upload with it. */
  readonly disturbed: () => boolean;
}

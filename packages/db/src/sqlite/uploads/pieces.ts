import type { UploadPieceRecord, Uploads } from '../../facets/uploads.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';

/** All pieces of an upload, in order. */
export function preparePieces({ sqlite }: Connection): (upload: string) => readonly UploadPieceRecord[] {
  const statement = sqlite.prepare<[string], UploadPieceRecord>(
    'SELECT locator, size FROM upload_pieces WHERE upload = ? ORDER BY position',
  );
  return (upload) => statement.all(upload);
}

export const uploadPieces: Operation<Uploads['pieces']> = (connection) => {
  const { sqlite, read } = connection;
  const pieces = preparePieces(connection);
  const find = sqlite.prepare<[string, number]>('SELECT 1 FROM uploads WHERE uuid = ? AND version = ?');
  return ({ id, version }) => read(() => (find.get(id, version) === undefined ? undefined : pieces(id)));
};

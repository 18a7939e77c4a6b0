import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import { maxDocument, readDocument } from '../../documents/read-document.ts';
import type { AppEnv } from '../../http/env.ts';
import { respond } from '../../http/respond.ts';
import { asCaller } from '../../http/session.ts';
import { blobParts, readStart } from '../../registry/read-blob.ts';
import { notFoundPage } from '../errors/handler.ts';
import { type Descriptor, readManifest } from '../manifest/read-manifest.ts';
import { fileView } from './view.ts';

const pattern = /^(?<repository>.+)\/(?<manifest>\w+:[0-9a-f]+)\/(?<blob>\w+:[0-9a-f]+)$/;

/** A file of a manifest: one of its layers, or its config. */
interface Found {
  readonly repository: string;
  readonly manifest: string;
  readonly file: Descriptor;
}

/** `GET /files/:path`: a file of a manifest, as what it is, and as text. */
export function filePage(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const found = await find(context, c);
    if (found === undefined) return notFoundPage(c);
    const { repository, file } = found;
    const name = { repository, digest: file.digest };
    const { bytes, size } = await readStart(context.registry, name, maxDocument, asCaller(c));
    const document = size > maxDocument ? undefined : await readDocument(bytes);
    return respond(c, fileView({ ...found, bytes, size, document }));
  };
}

/** `GET /download/:path`: the file, which browsers must neither show nor guess the type of. */
export function downloadFile(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const found = await find(context, c);
    if (found === undefined) return notFoundPage(c);
    const { repository, file } = found;
    const parts = blobParts(context.registry, { repository, digest: file.digest }, asCaller(c));
    const first = await parts.next();
    const { content = new Uint8Array(), size = 0 } = first.value ?? {};
    c.header('Content-Type', 'application/octet-stream');
    c.header('Content-Disposition', `attachment; filename="${fileName(file)}"`);
    c.header('Content-Length', String(size));
    c.header('Cache-Control', 'no-store');
    return c.body(streamOf(content, parts));
  };
}

/** The file, if the manifest has it and the caller may read the manifest. */
async function find({ registry }: WebContext, c: Context<AppEnv>): Promise<Found | undefined> {
  const { repository, manifest, blob } = pattern.exec(c.req.param('path') ?? '')?.groups ?? {};
  if (repository === undefined || manifest === undefined) return undefined;
  const found = await registry.registry.inspectManifest({ repository, reference: manifest }, asCaller(c));
  const { layers, configFile } = readManifest(found);
  const file = [...layers, ...(configFile === undefined ? [] : [configFile])].find(({ digest }) => digest === blob);
  return file && { repository, manifest, file };
}

/** The name that the file was pushed with, without what a shell, a header or a file system takes for something else. */
function fileName({ annotations, digest }: Descriptor): string {
  const title = annotations.get('org.opencontainers.image.title') ?? '';
  const safe = title
    .slice(title.lastIndexOf('/') + 1)
    .replaceAll(/[^\w.+-]/g, '_')
    .replace(/^[.-]+/, '')
    .slice(0, 100);
  return safe === '' ? digest.replace(':', '-') : safe;
}

function streamOf(
  first: Uint8Array<ArrayBuffer>,
  parts: ReturnType<typeof blobParts>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next: Uint8Array<ArrayBuffer> | undefined = first;
  return new ReadableStream({
    async pull(controller) {
      const content = next ?? (await parts.next()).value?.content;
      next = undefined;
      if (content === undefined || content.byteLength === 0) controller.close();
      else controller.enqueue(content);
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
}

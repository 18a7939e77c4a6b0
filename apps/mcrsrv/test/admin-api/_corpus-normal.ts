import type { CorpusWorld } from './_corpus-world.ts';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const wholeUuid = new RegExp(`^${uuid.source}$`);
/** A UUID in base64url, as page tokens have it. */
const encodedUuid = /(?<![\w-])[\w-]{48}(?![\w-])/g;

/** Puts placeholders where two runs differ. All that the clock, the contents and the order of steps decide stays. */
export function normalize({ server, values }: CorpusWorld, text: string): string {
  const names = new Map([...values].filter(([, value]) => wholeUuid.test(value)).map(([name, value]) => [value, name]));
  const nameOf = (id: string): string => (names.has(id) ? `<id of ${names.get(id)}>` : '<uuid>');
  return (
    text
      .replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>')
      .replaceAll(uuid, nameOf)
      .replaceAll(encodedUuid, (encoded) => {
        const id = Buffer.from(encoded, 'base64url').toString();
        return wholeUuid.test(id) ? `<page token, ${nameOf(id)}>` : encoded;
      })
      .replaceAll(`localhost:${server.port}`, 'localhost:<port>')
      .replaceAll(/"port":\s?\d+/g, '"port":"<number>"')
      .replaceAll(/"version":\s?"[^"]+"/g, '"version":"<version>"')
      .replaceAll(/"commit":\s?"[^"]+"/g, '"commit":"<commit>"')
      // Pages of a database are as many as its file system and history make them.
      .replaceAll(/("mcr-[\dTZ-]+\.db","size":)\d+/g, '$1"<number>"')
      .replaceAll(/("mcr-[\dTZ-]+\.db","size":)"\d+"/g, '$1"<digits>"')
      .replaceAll(/("size":)"\d+"(,"snapshot":)/g, '$1"<digits>"$2')
  );
}

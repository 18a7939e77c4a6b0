import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';

/** READMEs that do not begin with a title and a paragraph of prose that says what the package is for. */
export function purposeViolations(folders: readonly string[], readmes: readonly SourceFile[]): string[] {
  const byPath = new Map(readmes.map(({ path, text }) => [path, text]));
  return folders.flatMap((folder) => {
    const text = byPath.get(`${folder}/README.md`);
    if (text === undefined) return [`${folder} has no README.md`];
    const [title = '', purpose = ''] = text.trim().split(/\n\s*\n/);
    const isSentence = /^[A-Za-z`].{20,}\.$/s.test(purpose.trim());
    return /^# .+$/.test(title) && isSentence ? [] : [`${folder}/README.md does not begin with its purpose`];
  });
}

/** Relative links that lead nowhere. `exists` gets paths from the repository's top. */
export function brokenLinks(documents: readonly SourceFile[], exists: (path: string) => boolean): string[] {
  return documents.flatMap(({ path, text }) =>
    relativeLinks(text)
      .filter((link) => !exists(posix.join(posix.dirname(path), decodeURI(link))))
      .map((link) => `${path} links to ${link}, which does not exist`),
  );
}

function relativeLinks(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)];
  const references = [...prose.matchAll(/^\[[^\]]+\]:\s*<?([^\s>]+)/gm)];
  const targets = [...inline, ...references].map(([, target = '']) => target.replace(/[#?].*$/, ''));
  return targets.filter((target) => target !== '' && !/^[a-z][a-z+.-]*:/i.test(target));
}

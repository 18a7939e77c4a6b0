import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRepositoryName, maxRepositoryNameLength } from '../repository-name.ts';
import { compileGlob } from './glob.ts';
import { patternProblem } from './pattern-problem.ts';
import { hasStrayStars } from './segments.ts';
import { shortestName } from './shortest-name.ts';

describe('patternProblem', () => {
  test.each([
    ['Secret/*', 'names are in lower case; write "secret/*"'],
    ['/secret/*', 'names begin without a slash; write "secret/*"'],
    ['secret/', 'names end without a slash; write "secret/*"'],
    ['secret/*/', 'names end without a slash; write "secret/*"'],
    [' secret/app', 'it has space around it; write "secret/app"'],
    ['secret//app', 'names have one slash at a time; write "secret/app"'],
    ['secret/*:v1', 'names have no tag; write "secret/*"'],
    ['secret/app:v1.0@sha256:abc', 'names have no digest, names have no tag; write "secret/app"'],
    ['host:8443/secret/*', 'names have no host and port; write "secret/*"'],
    ['registry.example.com:5000/secret/app:v1', 'names have no host and port, names have no tag; write "secret/app"'],
    ['https://registry.example.com/secret/*', 'names have no scheme and no host; write "secret/*"'],
    ['{a,b}', 'braces have no meaning, and each alternative is a pattern; write "a" and "b"'],
    [
      'team/{web,api}/*',
      'braces have no meaning, and each alternative is a pattern; write "team/web/*" and "team/api/*"',
    ],
    ['/Secret/', 'names are in lower case, names begin without a slash, names end without a slash; write "secret/*"'],
    ['secret app', 'names are words of a-z and 0-9, joined by one of . _ __ - and by /'],
    ['-', 'names are words of a-z and 0-9, joined by one of . _ __ - and by /'],
    ['', 'names are words of a-z and 0-9, joined by one of . _ __ - and by /'],
    ['a'.repeat(maxRepositoryNameLength + 1), `names have at most ${maxRepositoryNameLength} characters`],
  ])('%j: %s', (pattern, words) => {
    expect(patternProblem(pattern)).toBe(`the pattern ${JSON.stringify(pattern)} matches no repository name: ${words}`);
  });

  test.each([
    ['prod**', 'prod*'],
    ['a**b/c', 'a*b/c'],
    ['***', '*'],
    ['a/**b', 'a/*b'],
    ['a/*-**/b', 'a/*-*/b'],
  ])('%j: two stars beside other characters', (pattern, single) => {
    expect(patternProblem(pattern)).toBe(
      `the pattern "${pattern}" is unclear: ** crosses slashes only as a whole segment, as in "prod/**"; write "${single}"`,
    );
  });

  test.each([
    ['{username}/{a,b}', 'write "{username}/a" and "{username}/b"'],
    ['Home/{username}/**', 'write "home/{username}/**"'],
    ['{user}/*', 'write "user/*"'],
  ])('%j: %s', (pattern, words) => {
    expect(patternProblem(pattern)).toMatch(new RegExp(`${RegExp.escape(words)}$`));
  });

  test.each([
    'secret/**',
    '**',
    '**/app',
    'a/**/b',
    'home/{username}/*',
    'secret/*',
    '*',
    'docker.io/*',
    '[^a]*',
    'team-*/*',
    'a'.repeat(maxRepositoryNameLength),
  ])('%j has none', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });

  test('never rejects a pattern that matches some name, and suggests patterns that do', () => {
    const part = fc.constantFrom('a', 'B', '/', '*', ':', '1', '{a,b}', ' ', '?', '.', '[a-c]', '@sha256:0', '_');
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.stringMatching(/^[a-c]{1,3}(\/[a-c]{1,3}){0,2}$/),
        (parts, name) => {
          const pattern = parts.join('');
          const problem = patternProblem(pattern);
          if (problem === undefined) return;
          const isAmbiguous = /\*\*/.test(pattern);
          expect(!isAmbiguous && isRepositoryName(name) && compileGlob(pattern)(name)).toBe(false);
          const written = problem.split('; write ')[1];
          if (written === undefined) return;
          for (const it of written.split(' and ')) expect(patternProblem(JSON.parse(it) as string)).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
  });

  test('has none exactly where the walk through pattern and grammar finds a name', () => {
    const part = fc.constantFrom('a', '0', '/', '*', '**', '/**', '{username}', '?', '.', '-', '_', '__', '[a]', 'A');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const pattern = parts.join('');
        const isSound = shortestName(pattern) <= maxRepositoryNameLength && !hasStrayStars(pattern);
        expect(patternProblem(pattern) === undefined).toBe(isSound);
      }),
      { numRuns: 2_000 },
    );
  });
});

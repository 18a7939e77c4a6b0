// What may import what: `npm test` has dependency-cruiser check it (packages/testkit/test/architecture).
import { importTable, testTools } from './packages/testkit/test/architecture/import-table.ts';

/** Tests, their helpers and the contract suites: code that never runs in production. */
const testCode = String.raw`\.test\.ts$|^(packages|apps)/[^/]+/(test|e2e|src/testing|src/.+/testing)/`;
const workspace = '^(packages|apps)/([^/]+)/';
const transports = '^apps/mcrsrv/src/(oci|rpc)/';
const services = '^apps/mcrsrv/src/services/';
const folders = (names) => names.map((name) => `^${name}/`);
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})/`;

/** Where a name of the import table leads. Modules of Node are called `crypto` here. */
function target(name) {
  if (name.startsWith('node:')) return `^${name.slice('node:'.length)}(/|$)`;
  return name.startsWith('@mcr/') ? `^packages/${name.slice('@mcr/'.length)}/` : packages(name);
}

function lineOfTheTable([from, names]) {
  const allowed = names.filter((name) => name !== 'node:*').map(target);
  return forbid(`${from} imports what its line of the import table names`, [`^${from}/src/`, testCode], {
    pathNot: [`^${from}/`, ...allowed],
    ...(names.includes('node:*') && { dependencyTypesNot: ['core'] }),
  });
}

/** `name` says what holds when nothing is found. */
function forbid(name, [path, ...pathNot], to) {
  return { name, severity: 'error', from: { path, pathNot }, to };
}

export default {
  forbidden: [
    ...Object.entries(importTable).map(lineOfTheTable),
    forbid(
      'each package has a line in the import table',
      [`${workspace}src/`, testCode, ...folders([...Object.keys(importTable), ...testTools])],
      {},
    ),
    forbid('relative imports stay in their package', [workspace], { pathNot: '^$1/$2/', dependencyTypes: ['local'] }),
    forbid('no other package imports an app', [workspace], {
      path: '^apps/',
      pathNot: '^$1/$2/',
    }),
    forbid('production code uses no test code', [workspace, testCode, ...folders(testTools)], { path: testCode }),
    forbid('transports do not use each other', [transports, testCode], {
      path: transports,
      pathNot: '^apps/mcrsrv/src/$1/',
    }),
    forbid('transports use services, not stores', [transports, testCode], { path: '^packages/(db|storage)/' }),
    forbid('services use no transports and know no HTTP', [services, testCode], {
      path: '^apps/mcrsrv/src/(oci|rpc|http|errors)/',
    }),
    forbid('services know no framework', [services, testCode], {
      path: packages('hono', '@hono/[^/]+', '@connectrpc/[^/]+'),
    }),
    forbid('each import leads somewhere', ['.'], { couldNotResolve: true }),
    forbid('production code imports what its package.json names', [`${workspace}src/`, testCode], {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|gen)/' },
    skipAnalysisNotInRules: true,
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};

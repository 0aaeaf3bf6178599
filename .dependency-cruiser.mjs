// Who may import whom. The law stands in docs/architecture.md; this file is its judge. Every rule has a planted
// violation in scripts/check/boundaries.mjs that must be caught, or the check itself fails.

// Tests, and the fakes that live beside the real thing, may use test libraries; folder rules bind them all the same.
const TEST = String.raw`\.(test|spec)\.tsx?$|\.test-support\.tsx?$|/testing/|/sabotage/`;
const NPM = 'node_modules/';

/**
 * @param {string} name
 * @param {string} comment what the rule protects
 * @param {import('dependency-cruiser').IRegularForbiddenRuleType['from']} from
 * @param {import('dependency-cruiser').IRegularForbiddenRuleType['to']} to
 * @returns {import('dependency-cruiser').IRegularForbiddenRuleType}
 */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    forbid(
      'no-cycles',
      'A cycle has no bottom to read from.',
      { pathNot: '/generated/' }, // Prisma's own output is what it is
      { circular: true },
    ),
    forbid(
      'shared-lib',
      'shared/lib is plain functions: nothing but @noble/hashes.',
      { path: '^shared/src/lib/', pathNot: TEST },
      { pathNot: ['^shared/src/lib/', '@noble/hashes'] },
    ),
    forbid(
      'shared-domain',
      'shared/domain: zod and lib.',
      { path: '^shared/src/domain/', pathNot: TEST },
      { pathNot: ['^shared/src/(lib|domain)/', 'node_modules/zod/'] },
    ),
    forbid(
      'shared-protocol',
      'shared/protocol: zod, domain and lib.',
      { path: '^shared/src/protocol/', pathNot: TEST },
      { pathNot: ['^shared/src/', 'node_modules/zod/'] },
    ),
    forbid(
      'shared-stands-alone',
      'The protocol knows neither end, in tests either.',
      { path: '^shared/' },
      { path: '^(server|desktop|e2e|bench|scripts)/' },
    ),
    forbid(
      'ipc-owns-nothing',
      'The contract between main and renderer belongs to neither side.',
      { path: '^desktop/src/ipc/', pathNot: TEST },
      { pathNot: ['^desktop/src/ipc/', '^shared/src/', 'node_modules/zod/'] },
    ),
    forbid(
      'core-knows-no-app',
      'Plain Node runs and tests the core.',
      { path: '^desktop/src/core/' },
      { path: ['^desktop/src/(main|preload|renderer)/', 'node_modules/electron/', '^electron$', '^server/'] },
    ),
    forbid(
      'core-bottom-layers',
      'store, transport and crypto are the bottom of the core.',
      { path: '^desktop/src/core/(store|transport|crypto)/', pathNot: TEST },
      {
        path: '^desktop/src/core/(sync|outbox|store|transport|crypto)/',
        pathNot: '^desktop/src/core/$1/',
      },
    ),
    forbid(
      'core-outbox',
      'The outbox stands on the store alone.',
      { path: '^desktop/src/core/outbox/', pathNot: TEST },
      { path: '^desktop/src/core/(sync|transport|crypto)/' },
    ),
    forbid(
      'electron-in-its-place',
      'electron is imported in main/electron and preload only, so that everything else runs without it.',
      { path: '^desktop/src/', pathNot: '^desktop/src/(main/electron|preload)/' },
      { path: ['node_modules/electron/', '^electron$'] },
    ),
    forbid(
      'main-below-renderer',
      'The main process never reaches into a window.',
      { path: '^desktop/src/main/' },
      { path: '^desktop/src/(preload|renderer)/' },
    ),
    forbid(
      'preload-is-thin',
      'The preload exposes the contract: ipc and electron, nothing else.',
      { path: '^desktop/src/preload/', pathNot: TEST },
      { pathNot: ['^desktop/src/(preload|ipc)/', 'node_modules/electron/', '^electron$'] },
    ),
    forbid(
      'renderer-in-its-window',
      'The renderer sees the contract and the protocol, no process of ours and no Node.',
      { path: '^desktop/src/renderer/', pathNot: TEST },
      {
        path: [
          '^desktop/src/(core|main|preload)/',
          '^server/',
          `${NPM}(electron|better-sqlite3|keytar|socket)`,
        ],
      },
    ),
    forbid(
      'renderer-without-node',
      'A window has no Node.',
      { path: '^desktop/src/renderer/', pathNot: TEST },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'features-apart',
      'Features never import each other; what two need moves to renderer/ui or renderer/lib.',
      { path: '^desktop/src/renderer/features/([^/]+)/', pathNot: TEST },
      { path: '^desktop/src/renderer/features/', pathNot: '^desktop/src/renderer/features/$1/' },
    ),
    forbid(
      'server-edges-apart',
      'gateway, http and cli meet in the composition root only.',
      { path: '^server/src/(gateway|http|cli)/', pathNot: TEST },
      { path: '^server/src/(gateway|http|cli)/', pathNot: '^server/src/$1/' },
    ),
    forbid(
      'services-below-edges',
      'Services do not know how they are called.',
      { path: '^server/src/services/', pathNot: TEST },
      { path: '^server/src/(gateway|http|cli|index\\.ts)' },
    ),
    forbid(
      'repositories-below-services',
      'Repositories hold no rules.',
      { path: '^server/src/repositories/', pathNot: TEST },
      { path: '^server/src/(gateway|http|cli|services|index\\.ts)' },
    ),
    forbid(
      'infra-at-the-bottom',
      'Infrastructure knows nothing of Curlew.',
      { path: '^server/src/infra/', pathNot: TEST },
      { path: '^server/src/(gateway|http|cli|services|repositories|index\\.ts)' },
    ),
    forbid(
      'socket-io-in-gateway',
      'Socket.IO is the gateway alone.',
      { path: '^server/src/', pathNot: ['^server/src/gateway/', TEST] },
      { path: `${NPM}socket\\.io/` },
    ),
    forbid(
      'express-in-http',
      'Express is http alone.',
      { path: '^server/src/', pathNot: ['^server/src/http/', TEST] },
      { path: `${NPM}(express|helmet)/` },
    ),
    forbid(
      'prisma-in-repositories',
      'Prisma stays in repositories and infra.',
      { path: '^server/src/', pathNot: ['^server/src/(repositories|infra)/', TEST] },
      { path: [`${NPM}@prisma/`, '^server/src/infra/generated/'] },
    ),
    forbid(
      'sql-in-repositories',
      'A service may hand a connection through, so it may name its type; queries stay in repositories and infra.',
      { path: '^server/src/', pathNot: ['^server/src/(repositories|infra)/', TEST] },
      { path: `${NPM}pg/`, dependencyTypesNot: ['type-only'] },
    ),
    forbid('ends-apart', 'Server and desktop meet in shared.', { path: '^server/' }, { path: '^desktop/' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^desktop/(out|dist)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};

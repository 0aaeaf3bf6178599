// Owns the check of who imports whom, and the proof that it can fail: every rule of .dependency-cruiser.mjs has a
// planted violation here that must be caught, and the number of modules seen has a floor, since a graph tool that
// reads nothing reports nothing.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';
import rules from '../../.dependency-cruiser.mjs';
import { ROOT } from '../bootstrap/cache.mjs';

/** About four fifths of the modules when this was last raised; raise it as the code grows. */
const MODULE_FLOOR = 500;

/** Rule → a file that breaks it, and the import by which it does. */
const PLANTS = /** @type {Record<string, [file: string, specifier: string]>} */ ({
  'no-cycles': ['server/src/services/cycle-a.ts', './cycle-b.ts'],
  'shared-lib': ['shared/src/lib/plant.ts', '../domain/target.ts'],
  'shared-domain': ['shared/src/domain/plant.ts', '../protocol/target.ts'],
  'shared-protocol': ['shared/src/protocol/plant.ts', 'node:fs'],
  'shared-stands-alone': ['shared/src/protocol/plant.test.ts', '../../../server/src/infra/target.ts'],
  'ipc-owns-nothing': ['desktop/src/ipc/plant.ts', '../core/store/target.ts'],
  'core-knows-no-app': ['desktop/src/core/sync/plant.ts', '../../main/target.ts'],
  'core-bottom-layers': ['desktop/src/core/store/plant.ts', '../sync/target.ts'],
  'core-outbox': ['desktop/src/core/outbox/plant.ts', '../transport/target.ts'],
  'electron-in-its-place': ['desktop/src/main/plant.ts', 'electron'],
  'main-below-renderer': ['desktop/src/main/electron/plant.ts', '../../renderer/target.ts'],
  'preload-is-thin': ['desktop/src/preload/plant.ts', '../core/store/target.ts'],
  'renderer-in-its-window': ['desktop/src/renderer/plant.tsx', '../core/store/target.ts'],
  'renderer-without-node': ['desktop/src/renderer/plant-node.ts', 'node:fs'],
  'features-apart': ['desktop/src/renderer/features/one/plant.ts', '../two/target.ts'],
  'server-edges-apart': ['server/src/http/plant.ts', '../gateway/target.ts'],
  'services-below-edges': ['server/src/services/plant.ts', '../http/target.ts'],
  'repositories-below-services': ['server/src/repositories/plant.ts', '../services/target.ts'],
  'infra-at-the-bottom': ['server/src/infra/plant.ts', '../repositories/target.ts'],
  'socket-io-in-gateway': ['server/src/services/plant-socket.ts', 'socket.io'],
  'express-in-http': ['server/src/services/plant-express.ts', 'express'],
  'prisma-in-repositories': ['server/src/services/plant-prisma.ts', '../infra/generated/target.ts'],
  'sql-in-repositories': ['server/src/services/plant-value.ts', 'pg'],
  'ends-apart': ['server/src/services/plant-desktop.ts', '../../../desktop/src/core/store/target.ts'],
});

/**
 * @param {string} baseDir
 * @returns {Promise<import('dependency-cruiser').ICruiseResult>}
 */
async function cruiseTree(baseDir) {
  const { options, ...ruleSet } = rules;
  const result = await cruise(['shared', 'server', 'desktop'], {
    ...options,
    baseDir,
    ruleSet,
    validate: true,
    outputType: 'json',
  });
  return JSON.parse(/** @type {string} */ (result.output));
}

/** @returns {Promise<string[]>} names of the rules that let their planted violation pass */
async function findBlindRules() {
  const tree = mkdtempSync(path.join(os.tmpdir(), 'curlew-boundaries-'));
  try {
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(tree, 'node_modules'));
    const write = (/** @type {string} */ file, /** @type {string} */ text) => {
      mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
      writeFileSync(path.join(tree, file), text);
    };
    for (const [file, specifier] of Object.values(PLANTS)) {
      // A type-only import where the rule forbids those too: the kind that simpler tools do not see.
      const clause = file.endsWith('-value.ts') ? '{ Target }' : 'type { Target }';
      write(file, `import ${clause} from '${specifier}';\nexport type Planted = Target;\n`);
      if (specifier.startsWith('.')) {
        write(path.join(path.dirname(file), specifier), 'export interface Target { readonly id: string }\n');
      }
    }
    write('server/src/services/cycle-b.ts', "export type { Planted as Target } from './cycle-a.ts';\n");
    const { summary } = await cruiseTree(tree);
    const caught = new Set(summary.violations.map(({ rule, from }) => `${rule.name} ${from}`));
    return Object.entries(PLANTS)
      .filter(([rule, [file]]) => !caught.has(`${rule} ${file}`))
      .map(([rule]) => rule);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/** @returns {Promise<string[]>} problems, one line each; none: the law holds */
export async function checkBoundaries() {
  const { summary } = await cruiseTree(ROOT);
  const problems = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  if (summary.totalCruised < MODULE_FLOOR) {
    problems.push(`only ${summary.totalCruised} modules were seen; at least ${MODULE_FLOOR} exist`);
  }
  const unplanted = (rules.forbidden ?? [])
    .map(({ name }) => String(name))
    .filter((name) => !(name in PLANTS));
  problems.push(...unplanted.map((name) => `rule ${name} has no planted violation`));
  problems.push(
    ...(await findBlindRules()).map((name) => `rule ${name} did not catch its planted violation`),
  );
  return problems;
}

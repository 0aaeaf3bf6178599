// `npm run report`: prints every figure that stands in reports/*.json, with where and when it was taken.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './bootstrap/cache.mjs';

const folder = path.join(ROOT, 'reports');
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
if (files.length === 0) console.log('No reports yet: `npm test` and `npm run bench` write them.');
for (const file of files.toSorted()) {
  const { name, at, machine, figures, rows, failed, notRun } = JSON.parse(
    readFileSync(path.join(folder, file), 'utf8'),
  );
  console.log(
    `\n${name}  (${at}; ${typeof machine === 'string' ? machine : Object.values(machine ?? {}).join(', ')})`,
  );
  for (const [figure, value] of Object.entries(figures ?? {}))
    console.log(`  ${figure}: ${JSON.stringify(value)}`);
  if (Array.isArray(rows)) console.table(rows);
  if (failed) console.log(`  FAILED: ${failed}`);
  for (const item of notRun ?? [])
    console.log(`  NOT RUN ${item.test ?? item.id ?? ''}: ${item.reason ?? item}`);
}

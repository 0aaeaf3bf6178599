import { expect, test } from 'vitest';
import { opKinds, opSchema, opSchemas, type OpKind } from './ops.ts';
import { opVariants } from './op-variants.test-support.ts';

test.each(Object.entries(opVariants))('%s is valid', (_name, op) => {
  expect(opSchema.safeParse(op).error?.issues ?? []).toEqual([]);
});

/** Names of all fields an op of this kind may have. */
function fieldsOf(kind: OpKind): readonly string[] {
  const schema = opSchemas[kind];
  return 'options' in schema
    ? schema.options.flatMap((it) => Object.keys(it.shape))
    : Object.keys(schema.shape);
}

test.each(opKinds)('every field of %s stands in some variant', (kind) => {
  const ops = Object.values(opVariants).filter((op) => 'kind' in op && op.kind === kind);
  const met = new Set(ops.flatMap((op) => Object.keys(op)));
  expect(fieldsOf(kind).filter((field) => !met.has(field))).toEqual([]);
});

/**
 * Bad input over IPC: payloads broken in every way the seed finds, for every schema of the contract, against the real
 * IPC host. Each is refused with a typed error, quotes nothing, and reaches neither the core nor main.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorBodySchema } from '@curlew/shared/protocol/errors.ts';
import { channels } from '../ipc/bridge.ts';
import { intents } from '../ipc/intents.ts';
import { viewParams } from '../ipc/views.ts';
import { ownSender, setUpIpc } from './test/ipc-rig.ts';
import { validParams, validRequests } from './test/valid-payloads.ts';

const SEED = 20_261_121;
const RUNS_PER_SCHEMA = 120;
/** Stands in payloads; an error that contained it would quote what a person wrote. */
const MARK = 'qX9-secret-payload';

const figures = { ipc: 0, crashes: 0 };

/** What structured cloning can carry and no request of the contract is. */
const notAnObject = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, 0, -1, NaN, Infinity, 10n, '', MARK, [], [{}], [MARK]),
  fc.string(),
  fc.array(fc.jsonValue(), { maxLength: 3 }),
);
/** Objects without members; where nothing is required they count as empty requests. */
const strangeObject = fc.constantFrom<unknown>(
  new Map([[MARK, 1]]),
  new Set([1]),
  new Date(0),
  /x/,
  new ArrayBuffer(8),
);

/** A value no single field of the contract accepts. */
const wrongValue = fc.oneof(
  fc.constantFrom<unknown>(-1, -0.5, NaN, Infinity, -Infinity, 2 ** 53, 10n),
  fc.constantFrom<unknown>(new Date(NaN), new Map(), /x/, new Uint8Array(4), [[]], [null]),
  fc.record({ [MARK]: fc.jsonValue() }),
  fc.constant('x'.repeat(200_000)),
);

type Breakage = (valid: Readonly<Record<string, unknown>>) => fc.Arbitrary<unknown>;

function breakages(schema: z.ZodObject): Breakage[] {
  const names = Object.keys(schema.shape);
  const required = names.filter((name) => !(schema.shape[name] as z.ZodType).safeParse(undefined).success);
  const replaced: Breakage = (valid) =>
    fc.tuple(fc.constantFrom(...names), wrongValue).map(([name, value]) => ({ ...valid, [name]: value }));
  const without: Breakage = (valid) =>
    fc
      .constantFrom(...required)
      .map((name) => Object.fromEntries(Object.entries(valid).filter(([key]) => key !== name)));
  // Plain strings, such as an address, may hold anything; texts may not.
  const texts = names.filter((name) => !(schema.shape[name] as z.ZodType).safeParse('\u0000').success);
  const illFormed: Breakage = (valid) =>
    fc
      .tuple(fc.constantFrom(...texts), fc.string(), fc.constantFrom('\u0000', '\ud800', '\udfff'))
      .map(([name, text, bad]) => ({ ...valid, [name]: `${text} ${bad}${MARK}` }));
  return [
    () => notAnObject,
    ...(required.length > 0 ? [() => strangeObject] : []),
    ...(texts.length > 0 ? [illFormed] : []),
    (valid) =>
      fc
        .tuple(fc.string({ minLength: 1 }), fc.jsonValue())
        .map(([extra, value]) => ({ ...valid, [`${extra}~`]: value, [MARK]: value })),
    ...(names.length > 0 ? [replaced] : []),
    ...(required.length > 0 ? [without] : []),
  ];
}

async function refusesAll(channel: string, name: string, schema: z.ZodObject, valid: object): Promise<void> {
  const { host, reachedCore, reachedMain } = setUpIpc();
  const broken = fc.oneof(...breakages(schema).map((breakage) => breakage({ ...valid })));
  await fc.assert(
    fc.asyncProperty(broken, async (payload) => {
      const answer = await host.handle(channel, ownSender, [name, payload]);
      figures.ipc += 1;
      if (answer.ok) throw new Error('accepted');
      expect(errorBodySchema.parse(answer.error)).toEqual(answer.error);
      if (answer.error.code === 'INTERNAL') figures.crashes += 1;
      expect(['BAD_REQUEST', 'TOO_LARGE']).toContain(answer.error.code);
      expect(JSON.stringify(answer)).not.toContain(MARK);
      expect(reachedCore.map(({ type }) => type)).toEqual(['start']);
      expect(reachedMain).toEqual([]);
    }),
    { seed: SEED, numRuns: RUNS_PER_SCHEMA },
  );
}

describe('bad input over IPC', () => {
  it.each(Object.entries(intents))('refuses every broken request of %s', async (name, { request }) => {
    const valid = Object.entries(validRequests).find(([intent]) => intent === name)?.[1] ?? {};
    await refusesAll(channels.intent, name, request, valid);
  });

  it.each(Object.entries(viewParams))(
    'refuses every broken parameter of the view %s',
    async (name, schema) => {
      const valid = Object.entries(validParams).find(([view]) => view === name)?.[1] ?? {};
      await refusesAll(channels.openView, name, schema, valid);
    },
  );

  it('refuses names, channels and argument lists of any kind', async () => {
    const { host, reachedCore } = setUpIpc();
    const channel = fc.oneof(fc.constantFrom(...Object.values(channels)), fc.string());
    const args = fc.oneof(
      fc.array(fc.jsonValue(), { maxLength: 4 }),
      fc.tuple(
        fc.string().map((text) => `${text}~`),
        fc.jsonValue(),
      ),
      fc.tuple(fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty'), fc.constant({})),
    );
    await fc.assert(
      fc.asyncProperty(channel, args, async (someChannel, someArgs) => {
        // Closing a view that is not open changes nothing and is no error.
        fc.pre(someChannel !== channels.closeView || typeof someArgs[0] !== 'number');
        const answer = await host.handle(someChannel, ownSender, someArgs);
        figures.ipc += 1;
        expect(answer).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
        expect(reachedCore.map(({ type }) => type)).toEqual(['start']);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('came to at least 3,000 payloads and no crash', () => {
    expect(figures.ipc).toBeGreaterThanOrEqual(3_000);
    expect(figures.crashes).toBe(0);
  });
});

const reportSchema = z.looseObject({ figures: z.looseObject({ crashes: z.int().optional() }).optional() });

/** Adds this suite's figures to the report that the server's suites share. */
async function writeReport(): Promise<void> {
  const file = path.resolve(import.meta.dirname, '../../../reports/bad-input.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const report = reportSchema.parse(JSON.parse(text));
  const crashes = Math.max(report.figures?.crashes ?? 0, figures.crashes);
  const next = {
    failed: 0,
    notRun: [],
    ...report,
    name: 'bad-input',
    at: new Date().toISOString(),
    machine: { platform: os.platform(), cpus: os.cpus().length, node: process.version },
    figures: { ...report.figures, ipc: figures.ipc, crashes },
    seed: SEED,
  };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify(next, undefined, 2)}\n`);
  await rename(`${file}.${process.pid}`, file);
}

afterAll(writeReport);

/** The published OpenAPI document is one that other people's tools accept: linted by Redocly's recommended rules. */
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, it } from 'vitest';
import { openApiDocument } from '../../server/src/http/openapi.ts';

async function lint(document: object): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  return problems.map(({ ruleId, message, location }) => `${ruleId} at ${location[0]?.pointer}: ${message}`);
}

it('has neither errors nor warnings, and the linter does look', async () => {
  const document = openApiDocument('1.0.0');
  expect(await lint(document)).toEqual([]);
  const broken = { ...document, paths: { '/api/x/{id}': { get: { responses: { 200: {} } } } } };
  expect((await lint(broken)).join('\n')).toMatch(/path-parameters-defined/);
  expect((await lint(broken)).length).toBeGreaterThan(2);
}, 60_000);

import { expect, it } from 'vitest';
import { unsentFileName, unsentFileText } from './unsent-file.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

it('holds every text whole, with its conversation', () => {
  const text = unsentFileText(
    [
      { kind: 'message', conversation: 'Grace Hopper', text: 'line one\nline two', writtenAtMs: NOW },
      { kind: 'edit', conversation: null, text: 'better', writtenAtMs: NOW },
      { kind: 'draft', conversation: 'Grace Hopper', text: 'half a thou', writtenAtMs: null },
    ],
    NOW,
  );
  expect(text).toContain('Message · Grace Hopper · 21/11/2026');
  expect(text).toContain('\n\nline one\nline two\n');
  expect(text).toContain('Edit of a message · Unknown conversation');
  expect(text).toContain('Draft · Grace Hopper\n\nhalf a thou\n');
});

it('is offered under the day it was made', () => {
  expect(unsentFileName(NOW)).toBe('Unsent messages of Curlew 2026-11-21.txt');
});

import { beforeAll, expect, it } from 'vitest';
import i18next from 'i18next';
import { startI18n } from '../../i18n/index.ts';
import { reachCsv } from './reach-csv.ts';

beforeAll(() => startI18n());

it('is read by spreadsheets as text and numbers, and no name becomes a formula', () => {
  const counts = { people: 4, delivered: 3, read: 2, acknowledged: 1 };
  const site = '00000000-0000-7000-8000-000000000001';
  const csv = reachCsv(
    {
      requiresAck: true,
      total: counts,
      places: [{ scope: 'site', id: site, name: 'North, "old"', ...counts }],
      missing: {
        step: 'read',
        count: 3,
        people: [
          { userId: site, name: '=HYPERLINK("https://evil.example")' },
          { userId: site, name: 'Zoë Müller' },
        ],
      },
    },
    i18next.t,
  );
  expect(csv).toBe(
    [
      '\ufeffSite or unit,People,Delivered,Read,Acknowledged',
      'Everybody,4,3,2,1',
      '"North, ""old""",4,3,2,1',
      '',
      'Not read,3',
      '"\'=HYPERLINK(""https://evil.example"")"',
      'Zoë Müller',
      '',
    ].join('\r\n'),
  );
});

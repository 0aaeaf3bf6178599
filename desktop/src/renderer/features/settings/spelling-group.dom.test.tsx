import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import type { World } from '../../preview/world.ts';
import { SpellingGroup } from './spelling-group.tsx';

let fake: FakeBridge;
let world: World;

beforeEach(() => ({ fake, world } = installWorld()));
afterEach(cleanup);

it('says what is checked and with what, and goes on with that when languages are to be chosen', async () => {
  renderUi(<SpellingGroup />);
  const choice = await screen.findByRole('combobox', { name: /^Check spelling/ });
  expect(
    screen.getByText(/^Checked now: American English\. With the dictionaries on this computer\./),
  ).toBeTruthy();
  await userEvent.selectOptions(choice, 'In languages I choose');
  expect(fake.requests('preferences.set')).toEqual([{ spelling: 'chosen', spellingLanguages: ['en-US'] }]);
});

it('offers the languages of this computer, and says which it cannot use', async () => {
  world.preferences = { ...world.preferences, spelling: 'chosen', spellingLanguages: ['en-US'] };
  world.spelling = { languages: ['de', 'en-US', 'hu'], inUse: ['en-US'], refused: ['hu'] };
  renderUi(<SpellingGroup />);
  await userEvent.click(await screen.findByRole('switch', { name: 'German' }));
  expect(screen.getByRole('switch', { name: /^Hungarian.*can’t use the dictionary/ })).toBeTruthy();
  expect(fake.requests('preferences.set')).toEqual([{ spellingLanguages: ['en-US', 'de'] }]);
});

it('says how to get a dictionary where there is none, and offers no languages where the system chooses', async () => {
  world.spelling = { languages: [], inUse: [], refused: [] };
  renderUi(<SpellingGroup />);
  await screen.findByText(/^No dictionary was found on this computer/);
  cleanup();
  ({ world } = installWorld());
  world.spelling = { languages: null, inUse: [], refused: [] };
  renderUi(<SpellingGroup />);
  const choice = await screen.findByRole('combobox', { name: /^Check spelling/ });
  expect([...choice.querySelectorAll('option')].map(({ textContent }) => textContent)).toEqual([
    'Off',
    'In the languages of the system',
  ]);
});

/**
 * Measurements inside the real window. Times run from the browser's own event time stamp (when the key went down) to the
 * frame after the change was painted.
 */
import type { Page } from 'playwright-core';
import { composer, conversationRow } from '../../e2e/support/gestures.ts';

declare global {
  interface Window {
    benchPainted?: Promise<number>;
  }
}

/**
 * Installs a stopwatch: starts at the next key or pointer press, stops in the frame after an element with `text` is in
 * the log.
 */
async function armStopwatch(page: Page, text: string): Promise<void> {
  await page.evaluate((wanted) => {
    window.benchPainted = new Promise<number>((resolve) => {
      let startedAt: number | undefined;
      const start = (event: Event): void => {
        startedAt ??= event.timeStamp;
      };
      const isThere = (): boolean =>
        [...document.querySelectorAll('[role="log"] [role="article"], [role="log"] article')].some((it) =>
          it.textContent?.includes(wanted),
        );
      const observer = new MutationObserver(() => {
        if (startedAt === undefined || !isThere()) return;
        observer.disconnect();
        document.removeEventListener('keydown', start, true);
        document.removeEventListener('pointerdown', start, true);
        const from = startedAt;
        // The callback after the next frame's start: what was in the tree by then has been painted.
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => resolve(performance.now() - from);
          channel.port2.postMessage(undefined);
        });
      });
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
      document.addEventListener('keydown', start, true);
      document.addEventListener('pointerdown', start, true);
    });
  }, text);
}

async function readStopwatch(page: Page): Promise<number> {
  return page.evaluate(() =>
    Promise.race([
      window.benchPainted ?? Promise.reject(new Error('the stopwatch was not armed')),
      new Promise<number>((_, fail) => setTimeout(() => fail(new Error('not painted within 10 s')), 10_000)),
    ]),
  );
}

/**
 * The limit for painting: key pressed → an element that the page itself adds at once is painted, `count` times; ms. What
 * the window's frame rate and the screen cost without any of our code between.
 */
export async function measurePaint(page: Page, count: number): Promise<number[]> {
  const samples: number[] = [];
  for (let n = 0; n < count; n += 1) {
    await page.evaluate(() => {
      window.benchPainted = new Promise<number>((resolve) => {
        const added = document.createElement('p');
        const start = (event: Event): void => {
          added.textContent = 'painted';
          document.body.append(added);
          requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => {
              resolve(performance.now() - event.timeStamp);
              added.remove();
            };
            channel.port2.postMessage(undefined);
          });
        };
        document.addEventListener('keydown', start, { once: true });
      });
    });
    await page.keyboard.press('F9');
    samples.push(await readStopwatch(page));
  }
  return samples;
}

/** Enter pressed → own message painted (its row is durable by then), `count` times; ms. */
export async function measureCompose(page: Page, title: string, count: number): Promise<number[]> {
  const samples: number[] = [];
  const field = composer(page, title);
  for (let n = 0; n < count; n += 1) {
    const text = `bench message ${n} of this run`;
    await field.fill(text);
    await armStopwatch(page, text);
    await field.press('Enter');
    samples.push(await readStopwatch(page));
  }
  return samples;
}

/** Pointer pressed on a list row → its newest message painted, over the given conversations; ms. */
export async function measureOpen(
  page: Page,
  targets: readonly { title: string; newest: string }[],
): Promise<number[]> {
  const samples: number[] = [];
  for (const { title, newest } of targets) {
    const row = conversationRow(page, title);
    await row.scrollIntoViewIfNeeded();
    await armStopwatch(page, newest);
    await row.click();
    samples.push(await readStopwatch(page));
  }
  return samples;
}

/** Process start → the first row of the list is painted; ms of wall time. */
export async function measureInteractive(page: Page, startedAtMs: number): Promise<number> {
  await page.waitForFunction(() => performance.getEntriesByName('curlew:interactive').length > 0);
  const at = await page.evaluate(
    () =>
      performance.timeOrigin +
      (performance.getEntriesByName('curlew:interactive')[0]?.startTime ?? Number.NaN),
  );
  return at - startedAtMs;
}

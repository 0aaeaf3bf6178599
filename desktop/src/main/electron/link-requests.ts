/**
 * Links into the app, as each system hands them over: with the arguments of the start, with those of a second start
 * (Windows, Linux), or as an event (macOS), which may come before the app is ready.
 */
import { app } from 'electron';
import { appLink, appLinkIn, type AppLink } from '../links.ts';

/** Listens from now on; what comes before somebody follows waits, the newest only. */
export function listenForLinks(): { follow(open: (link: AppLink) => void): void } {
  let waiting = appLinkIn(process.argv);
  let open: ((link: AppLink) => void) | undefined;
  const take = (link: AppLink | undefined): void => {
    if (!link) return;
    if (open) open(link);
    else waiting = link;
  };
  app.on('open-url', (event, address) => {
    event.preventDefault();
    take(appLink(address));
  });
  app.on('second-instance', (_event, argv) => take(appLinkIn(argv)));
  return {
    follow(next) {
      open = next;
      const first = waiting;
      waiting = undefined;
      take(first);
    },
  };
}

import { announcements } from '../lib/announcer.ts';
import { useStore } from '../lib/store.ts';

/** The two live regions, always mounted, never seen. */
export function LiveRegions() {
  const texts = useStore(announcements, (value) => value);
  return (
    <>
      <div className="vh live" aria-live="polite" aria-atomic="true" data-live="polite">
        {texts.polite}
      </div>
      <div className="vh live" aria-live="assertive" aria-atomic="true" data-live="assertive">
        {texts.assertive}
      </div>
    </>
  );
}

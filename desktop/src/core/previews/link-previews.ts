/**
 * Previews of links that are being written. Made on the sender's device and sent with the message, so that no reader ever
 * asks the page. Owns which preview of a run is known: the same link is fetched once.
 */
import type { LinkPreview } from '@curlew/shared/domain/message.ts';
import { previewSchema } from '@curlew/shared/domain/message.ts';
import type { CoreConfig } from '../../ipc/core-port.ts';
import type { RouteResolver } from '../transport/transport-types.ts';
import { fetchPage, pagePortsOf, type PagePorts } from './fetch-page.ts';
import { readPreview } from './read-preview.ts';

/** Most links remembered. */
const MOST_KNOWN = 100;

/** The previews of a core, whose route and configuration are asked for with each link: they come after it. */
export function linkPreviewsOf(core: {
  readonly ports: { readonly route: RouteResolver };
  readonly config: Pick<CoreConfig, 'previewTestServer'>;
}): LinkPreviews {
  return new LinkPreviews(() => pagePortsOf(core.ports.route, core.config));
}

/** See the file comment. */
export class LinkPreviews {
  readonly #ports: () => PagePorts;
  readonly #known = new Map<string, Promise<LinkPreview | null>>();

  constructor(ports: () => PagePorts) {
    this.#ports = ports;
  }

  /** The preview of a link; null when there is none to be had. Never rejects. */
  of(url: string): Promise<LinkPreview | null> {
    const known = this.#known.get(url);
    if (known) return known;
    const asked = this.#make(url).then((preview) => {
      // Perhaps only the network was away: the next one asks again.
      if (preview === null) this.#known.delete(url);
      return preview;
    });
    this.#known.set(url, asked);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return asked;
  }

  async #make(url: string): Promise<LinkPreview | null> {
    const page = await fetchPage(url, this.#ports());
    // The link as it was written: where it led today is the page's affair.
    const preview = page && readPreview(url, page.html);
    const checked = previewSchema.safeParse(preview);
    return checked.success ? checked.data : null;
  }
}

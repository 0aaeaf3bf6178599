/**
 * Makes `docs/protocol.md` and `docs/errors.md` from the schemas. `node scripts/protocol-docs.ts` writes them; a test
 * compares, so that a change of the wire without its documentation fails.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plainPaths } from '@curlew/shared/protocol/http.ts';
import { socketScopes } from '@curlew/shared/protocol/scopes.ts';
import { PROTOCOL_VERSION } from '@curlew/shared/protocol/version.ts';
import {
  clientEventsSection,
  entriesSection,
  errorsDocument,
  handshakeSection,
  limitsSection,
  opsSection,
  payloadsSection,
  routesSection,
  scopesSection,
  serverEventsSection,
} from './protocol-docs/sections.ts';
import { vectorsSection } from './protocol-docs/vectors.ts';

const docs = join(import.meta.dirname, '..', 'docs');

/** The documents by the file they belong into. */
export function protocolDocuments(): ReadonlyMap<string, string> {
  const sections: Readonly<Record<string, string>> = {
    version: String(PROTOCOL_VERSION),
    handshake: handshakeSection(),
    limits: limitsSection(),
    vectors: vectorsSection(),
    ops: opsSection(),
    entries: entriesSection(),
    clientEvents: clientEventsSection(),
    serverEvents: serverEventsSection(),
    payloads: payloadsSection(),
    plainPaths: plainPaths.join('`, `'),
    scopes: scopesSection(),
    socketScopes: socketScopes.map((scope) => `\`${scope}\``).join(' and '),
    routes: routesSection(),
  };
  const prose = readFileSync(join(import.meta.dirname, 'protocol-docs', 'prose.md'), 'utf8');
  const protocol = prose.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const section = sections[name];
    if (section === undefined) throw new Error(`prose.md names a section that does not exist: ${name}`);
    return section;
  });
  return new Map([
    [join(docs, 'protocol.md'), protocol],
    [join(docs, 'errors.md'), errorsDocument()],
  ]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [file, text] of protocolDocuments()) writeFileSync(file, text);
}

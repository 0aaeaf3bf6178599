/** The audit log as a file: CSV for spreadsheets (RFC 4180), JSON for programs. */
import type { AuditEntry } from '../repositories/audit-repository.ts';

/** Formats an export can have. */
export type AuditFormat = 'csv' | 'json';

const columns = ['id', 'time', 'actorId', 'actor', 'action', 'targetId', 'target', 'detail'] as const;

/** Writes entries in a format. */
export function formatAudit(entries: readonly AuditEntry[], format: AuditFormat): string {
  const rows = entries.map(({ id, at, actorId, actorName, action, target, targetName, detail }) => ({
    id,
    time: new Date(at).toISOString(),
    actorId,
    actor: actorName,
    action,
    targetId: target,
    target: targetName,
    detail,
  }));
  if (format === 'json') return `${JSON.stringify(rows, null, 2)}\n`;
  const lines = rows.map((row) =>
    columns.map((column) =>
      cell(column === 'detail' ? row.detail && JSON.stringify(row.detail) : row[column]),
    ),
  );
  return [columns, ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

function cell(value: string | number | null): string {
  const text = String(value ?? '');
  // A name that begins like a formula must stay a name in a spreadsheet.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

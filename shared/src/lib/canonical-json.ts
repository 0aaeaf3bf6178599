/**
 * Canonical JSON, RFC 8785 (JCS): the one byte form of a JSON value, so that two parties can hash it alike.
 * Sorting is by UTF-16 code units (section 3.2.3), which is what JavaScript's default string order does;
 * numbers and strings are those of ECMAScript's JSON.stringify (sections 3.2.2.2 and 3.2.2.3).
 */

/** A value that JSON can carry. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };

/**
 * Serialises a JSON value canonically. Members that are `undefined` are left out, as JSON.stringify does.
 * @throws TypeError for anything JSON has no form for (NaN, Infinity, functions, bigint).
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('canonical JSON has no form for a non-finite number');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`canonical JSON has no form for ${typeof value}`);
}

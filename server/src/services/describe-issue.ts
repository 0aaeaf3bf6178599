/** What is wrong with an input, for the developer of a client: field and rule, never the value. */
import type { z } from 'zod';

/** The first broken rule of a failed parse as `path: message`. */
export function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return 'invalid';
  const path = issue.path.map(String).join('.');
  // An unknown key's name comes from the client; it is cut so that an error never carries a payload back.
  const message = issue.message.slice(0, 160);
  return path === '' ? message : `${path.slice(0, 80)}: ${message}`;
}

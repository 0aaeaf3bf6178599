/** One spelling per email address: what people type differs in case and Unicode form only. */
export function normalEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/**
 * What the people who run this server ask of the Curlew apps that use it: where they find updates, and from when on
 * which version is too old. Programs of others are judged by the protocol they speak alone.
 */
import { isOlder } from '@curlew/shared/lib/versions.ts';

/** See the file's head; discovery answers it as it is. */
export interface ClientPolicy {
  readonly feedUrl: string | null;
  /** `fromMs`: ms since 1970; older apps are refused from then on. */
  readonly minimum: { readonly version: string; readonly fromMs: number } | null;
}

const APP = /^Curlew (\S+)$/;

/** Whether an app that calls itself this (`appVersion` of the handshake) is refused now. */
export function isAppTooOld(appVersion: string, { minimum }: ClientPolicy, nowMs: number): boolean {
  const version = APP.exec(appVersion)?.[1];
  return (
    version !== undefined && minimum !== null && nowMs >= minimum.fromMs && isOlder(version, minimum.version)
  );
}

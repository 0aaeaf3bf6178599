/** Until when a status holds: the choices, as times from now. */

const minuteMs = 60_000;

function nextDay(nowMs: number, days: number): number {
  const day = new Date(nowMs);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() + days);
  return day.getTime();
}

/** Ends by name. `today` and `week` end at midnight, the week's before Monday; `tomorrow` when a day's work begins. */
export const untilTimes = {
  never: () => null,
  halfHour: (nowMs) => nowMs + 30 * minuteMs,
  hour: (nowMs) => nowMs + 60 * minuteMs,
  fourHours: (nowMs) => nowMs + 240 * minuteMs,
  today: (nowMs) => nextDay(nowMs, 1),
  tomorrow: (nowMs) => nextDay(nowMs, 1) + 8 * 60 * minuteMs,
  week: (nowMs) => nextDay(nowMs, (8 - new Date(nowMs).getDay()) % 7 || 7),
} as const satisfies Record<string, (nowMs: number) => number | null>;

/** A choice of {@link untilTimes}. */
export type UntilTime = keyof typeof untilTimes;

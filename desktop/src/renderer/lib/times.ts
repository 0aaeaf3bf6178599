/** Times a person chooses, in this device's time zone. Pure: `nowMs` comes in, so that what "tomorrow" is can be tested. */

const hourMs = 3_600_000;
/** The hour people mean by "tomorrow" and "Monday". */
const morningHour = 9;
const monday = 1;

/** A choice of the menus beside Send. */
export type TimeChoice = 'inOneHour' | 'tomorrow' | 'monday';

/** When a choice is, in ms. */
export function timeOf(choice: TimeChoice, nowMs: number): number {
  if (choice === 'inOneHour') return nowMs + hourMs;
  const at = new Date(nowMs);
  const days = choice === 'tomorrow' ? 1 : (monday - at.getDay() + 7) % 7 || 7;
  // By calendar day: a day that a change of clocks shortens still begins at midnight.
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + days, morningHour).getTime();
}

/** The next full hour that is at least half an hour away: what a field for a time starts with. */
export function suggestedTime(nowMs: number): number {
  return Math.ceil((nowMs + hourMs / 2) / hourMs) * hourMs;
}

/** A moment as the value of a date field and of a time field. */
export function fieldsOf(atMs: number): { readonly date: string; readonly time: string } {
  const at = new Date(atMs);
  const pad = (value: number) => String(value).padStart(2, '0');
  return {
    date: `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`,
    time: `${pad(at.getHours())}:${pad(at.getMinutes())}`,
  };
}

/** The moment two fields name, or null while one of them is empty or no date. */
export function momentOf(date: string, time: string): number | null {
  const atMs = new Date(`${date}T${time}`).getTime();
  return Number.isNaN(atMs) || date === '' || time === '' ? null : atMs;
}

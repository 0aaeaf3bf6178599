import { describe, expect, it } from 'vitest';
import { fieldsOf, momentOf, suggestedTime, timeOf } from './times.ts';

const at = (date: string, time: string) => new Date(`${date}T${time}:00`).getTime();

describe('times to choose', () => {
  it('are an hour from now, the next morning and the next Monday morning', () => {
    const friday = at('2026-11-20', '16:20');
    expect(timeOf('inOneHour', friday)).toBe(at('2026-11-20', '17:20'));
    expect(timeOf('tomorrow', friday)).toBe(at('2026-11-21', '09:00'));
    expect(timeOf('monday', friday)).toBe(at('2026-11-23', '09:00'));
  });

  it('of a Monday and a Sunday are the Monday after', () => {
    expect(timeOf('monday', at('2026-11-23', '08:00'))).toBe(at('2026-11-30', '09:00'));
    expect(timeOf('monday', at('2026-11-22', '23:59'))).toBe(at('2026-11-23', '09:00'));
  });

  it('cross the end of a month and of a year', () => {
    expect(timeOf('tomorrow', at('2026-12-31', '23:59'))).toBe(at('2027-01-01', '09:00'));
  });

  it('start a field with a full hour that is not too near', () => {
    expect(suggestedTime(at('2026-11-20', '16:20'))).toBe(at('2026-11-20', '17:00'));
    expect(suggestedTime(at('2026-11-20', '16:40'))).toBe(at('2026-11-20', '18:00'));
  });

  it('are what the fields say, and none while they say nothing', () => {
    const { date, time } = fieldsOf(at('2026-03-09', '07:05'));
    expect([date, time]).toEqual(['2026-03-09', '07:05']);
    expect(momentOf(date, time)).toBe(at('2026-03-09', '07:05'));
    expect([momentOf('', '07:05'), momentOf('2026-03-09', ''), momentOf('2026-02-31x', '07:05')]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

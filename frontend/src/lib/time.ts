import { say } from "./text";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function count(amount: number, zh: string, en: string): string {
  return say(`${amount}${zh}`, `${amount} ${en}${amount === 1 ? "" : "s"}`);
}

/** A span in seconds in at most two units, rounded down: 1天3小时, 25分钟. */
export function span(seconds: number): string {
  const days = Math.floor(seconds / DAY);
  const hours = Math.floor((seconds % DAY) / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  const gap = say("", " ");
  if (days) return count(days, "天", "day") + (hours && days < 7 ? gap + count(hours, "小时", "hour") : "");
  if (hours) return count(hours, "小时", "hour") + (minutes ? gap + count(minutes, "分钟", "minute") : "");
  return count(minutes, "分钟", "minute");
}

/** How long ago `at` was at `now`: 刚刚, 3小时前, 2天前; a date after a month. */
export function ago(at: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  if (Math.abs(seconds) < MINUTE) return say("刚刚", "just now");
  const unit = (s: number): string => {
    if (s < HOUR) return count(Math.floor(s / MINUTE), "分钟", "minute");
    if (s < DAY) return count(Math.floor(s / HOUR), "小时", "hour");
    return count(Math.floor(s / DAY), "天", "day");
  };
  if (Math.abs(seconds) > 30 * DAY) return absolute(at).slice(0, 10);
  return seconds > 0 ? unit(seconds) + say("前", " ago") : say("", "in ") + unit(-seconds) + say("后", "");
}

/** What is left until `due` on the clock, or how far past it `now` is. */
export function countdown(due: Date, now: Date): string {
  const seconds = Math.floor((due.getTime() - now.getTime()) / 1000);
  if (seconds >= 0) {
    return seconds < MINUTE
      ? say("不足1分钟", "under a minute")
      : say(`剩 ${span(seconds)}`, `${span(seconds)} left`);
  }
  return say(`超期 ${span(-seconds)}`, `overdue by ${span(-seconds)}`);
}

/** Local date and time for a title: 2026-11-22 14:05. */
export function absolute(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

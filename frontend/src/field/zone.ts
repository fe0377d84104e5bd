/** Days and times as the server's district has them, whatever zone the phone is set to. */
import type { Packet } from "./packet";

/** The zone that the packet names; the phone's own before there is one. */
export function zoneOf(packet: Packet): string | undefined {
  return packet.one("me", "me")?.zone;
}

/** The date of a moment, as the packet writes dates. */
export function dayOf(moment: Date, zone: string | undefined): string {
  return moment.toLocaleDateString("sv", { timeZone: zone });
}

export function weekday(moment: string, zone: string | undefined): string {
  const options = { month: "short", day: "numeric", weekday: "short", timeZone: zone } as const;
  return new Date(moment).toLocaleDateString(document.documentElement.lang || "zh-CN", options);
}

/** A date as the packet writes it, in words. */
export function dayWords(day: string): string {
  return weekday(`${day}T12:00:00Z`, "UTC");
}

export function clock(moment: string, zone: string | undefined): string {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone } as const;
  return new Date(moment).toLocaleTimeString("zh-CN", options);
}

/** Date and time in numbers: 2026-11-22 14:05. */
export function dated(moment: string, zone: string | undefined): string {
  return `${dayOf(new Date(moment), zone)} ${clock(moment, zone)}`;
}

/** The lock of the packet: whose it is, its PIN, how long it lives, and its end. */
import { deviceKey, unwrap, type Wrapped, wrapNew } from "./sealing";
import { Full, packetStore } from "./store";

export const PIN_DIGITS = 6;
export const MOST_TRIES = 5;
const LIFE_MS = 24 * 3600 * 1000;
// A clock turned back gives the packet no longer life.
const SLACK_MS = 10 * 60 * 1000;

export interface Held {
  user: string;
  name: string;
  device: CryptoKey;
  wrapped: Wrapped;
  wrong: number;
  /** When the server last answered, by this phone's clock. */
  heardMs: number;
  cursor: string | null;
}

const KEY = "lock";

export type Standing = "none" | "locked" | "expired";

export async function held(): Promise<Held | undefined> {
  return packetStore.get<Held>("lock", KEY);
}

async function hold(value: Held): Promise<void> {
  await packetStore.write([["lock", KEY, value]]);
}

export function expired(heardMs: number, nowMs: number): boolean {
  return nowMs - heardMs > LIFE_MS || heardMs - nowMs > SLACK_MS;
}

/** What stands before the person: nothing held, a packet to unlock, or one that has outlived its day (and is gone). */
export async function standing(nowMs: number): Promise<Standing> {
  const found = await held();
  if (!found) return "none";
  if (!expired(found.heardMs, nowMs)) return "locked";
  await wipe();
  return "expired";
}

export async function setPin(pin: string, user: string, name: string, nowMs: number): Promise<CryptoKey> {
  const device = await deviceKey();
  const [wrapped, key] = await wrapNew(pin, device);
  await hold({ user, name, device, wrapped, wrong: 0, heardMs: nowMs, cursor: null });
  return key;
}

export type Try = { key: CryptoKey } | { left: number };

/** Notes how many tries were wrong; tells whether there was room for it. */
async function count(found: Held, wrong: number): Promise<boolean> {
  try {
    await hold({ ...found, wrong });
    return true;
  } catch (error) {
    if (error instanceof Full) return false;
    throw error;
  }
}

/** Counts the try before it is judged, so that closing the app gives none back; the fifth wrong one wipes the packet, and
 * the first on a full phone, which cannot count. */
export async function tryPin(pin: string): Promise<Try> {
  const found = await held();
  if (!found || found.wrong >= MOST_TRIES) {
    await wipe();
    return { left: 0 };
  }
  const counted = await count(found, found.wrong + 1);
  const key = await unwrap(pin, found.device, found.wrapped);
  if (key) {
    await count(found, 0);
    return { key };
  }
  const left = counted ? MOST_TRIES - found.wrong - 1 : 0;
  if (left === 0) await wipe();
  return { left };
}

/** Notes that the server answered, and up to where the packet is. */
export async function heard(cursor: string | null, nowMs: number): Promise<void> {
  const found = await held();
  if (found) await hold({ ...found, cursor, heardMs: nowMs });
}

/** Ends the packet with its keys. What is unsent stays: it lies in another database. */
export async function wipe(): Promise<void> {
  await packetStore.destroy();
}

/** AES-GCM boxes and the PIN's key, by the browser's own cryptography. */
export interface Box {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

export interface Wrapped {
  salt: Uint8Array<ArrayBuffer>;
  rounds: number;
  box: Box;
}

// OWASP's figure of 2023 for PBKDF2 with SHA-256; about half a second on a phone.
const ROUNDS = 600_000;
const AES = { name: "AES-GCM", length: 256 } as const;
const USES: KeyUsage[] = ["encrypt", "decrypt"];

function random(bytes: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

/** A key that never leaves the browser's own store. */
export function deviceKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey(AES, false, USES);
}

export async function seal(key: CryptoKey, data: BufferSource): Promise<Box> {
  const iv = random(12);
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, data) };
}

export function unseal(key: CryptoKey, box: Box): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.data);
}

export async function sealJson(key: CryptoKey, value: unknown): Promise<Box> {
  return seal(key, new TextEncoder().encode(JSON.stringify(value)));
}

export async function unsealJson<T>(key: CryptoKey, box: Box): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await unseal(key, box)));
}

async function fromPin(pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<CryptoKey> {
  const words = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, [
    "deriveKey",
  ]);
  const way = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(way, words, AES, false, ["wrapKey", "unwrapKey"]);
}

/** A new packet key, wrapped by the PIN and over that by the device's key; and the key itself, not extractable. */
export async function wrapNew(
  pin: string,
  device: CryptoKey,
  rounds = ROUNDS,
): Promise<[Wrapped, CryptoKey]> {
  const salt = random(16);
  const iv = random(12);
  const fresh = await crypto.subtle.generateKey(AES, true, USES);
  const wrapped = await crypto.subtle.wrapKey("raw", fresh, await fromPin(pin, salt, rounds), {
    name: "AES-GCM",
    iv,
  });
  const inner = new Uint8Array(iv.length + wrapped.byteLength);
  inner.set(iv);
  inner.set(new Uint8Array(wrapped), iv.length);
  const whole = { salt, rounds, box: await seal(device, inner) };
  const key = await unwrap(pin, device, whole);
  if (!key) throw new Error("the new key does not open");
  return [whole, key];
}

/** The packet key, not extractable; nothing for a wrong PIN. */
export async function unwrap(pin: string, device: CryptoKey, held: Wrapped): Promise<CryptoKey | undefined> {
  const inner = new Uint8Array(await unseal(device, held.box));
  const byPin = await fromPin(pin, held.salt, held.rounds);
  try {
    const way = { name: "AES-GCM", iv: inner.slice(0, 12) };
    return await crypto.subtle.unwrapKey("raw", inner.slice(12), byPin, way, AES, false, USES);
  } catch {
    return undefined;
  }
}

/** SHA-256 in hex. */
export async function sha256(data: BufferSource): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

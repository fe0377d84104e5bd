/** The client of the offline contract: one round trip pushes and pulls, files follow in pieces, failures keep everything. */
import type { Packet } from "./packet";
import { deviceId, type Entry, OPEN, type Records } from "./records";
import type { Answer } from "./shapes";
import { Full } from "./store";

const CHUNK = 256 * 1024;
// One request stays small enough for a bad line; the rest goes with the next.
const MOST_RECORDS = 50;
const MOST_CHARACTERS = 400_000;
const WAIT_MS = 60_000;
const MOST_TRIES = 3;
const AGAIN_MS = 300;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

export class SignedOut extends Error {}
export class Revoked extends Error {}
/** No answer of ours came: no signal, a proxy's page, a cut or an overloaded server. */
export class NoNetwork extends Error {
  constructor(readonly laterS: number | null = null) {
    super("no network");
  }
}
/** Somebody else is signed in than the one whose work lies here. */
export class OtherPerson extends Error {}

export interface Session {
  user: string;
  name: string;
  csrf: string;
}

/** Every request of the contract may be repeated, so a cut one is tried again at once before the round is given up. */
async function ask<T>(
  path: string,
  read: (response: Response) => Promise<T>,
  options: RequestInit = {},
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read(await askOnce(path, options));
    } catch (error) {
      const again = error instanceof NoNetwork && error.laterS === null && navigator.onLine;
      if (!again || tries >= MOST_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, tries * AGAIN_MS * (0.5 + Math.random())));
    }
  }
}

/** An answer counts only with our own header; its status is told by errors. */
async function askOnce(path: string, options: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(WAIT_MS),
      ...options,
    });
  } catch {
    throw new NoNetwork();
  }
  if (response.status === 503 || response.status === 429) {
    throw new NoNetwork(Number(response.headers.get("Retry-After")) || null);
  }
  if (response.headers.get("Wangge-Field") !== "1") throw new NoNetwork();
  if (response.status === 401) {
    const { code } = await json<{ code: string }>(response);
    throw code === "revoked" ? new Revoked() : new SignedOut();
  }
  return response;
}

/** A cut answer is no answer. */
async function json<T>(response: Response): Promise<T> {
  try {
    return await response.json();
  } catch {
    throw new NoNetwork();
  }
}

/** The words of an answer that says yes. */
async function told<T>(response: Response): Promise<T> {
  if (!response.ok) throw new NoNetwork();
  return json<T>(response);
}

export async function session(): Promise<Session> {
  const device = await deviceId();
  return ask("/field/session", told<Session>, { headers: device ? { "Wangge-Device": device } : {} });
}

async function zipped(text: string): Promise<[BodyInit, Record<string, string>]> {
  if (text.length < 2000 || !("CompressionStream" in window)) return [text, {}];
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return [await new Response(stream).blob(), { "Content-Encoding": "gzip" }];
}

/** How long to wait after `failures` in a row: doubling, with jitter, so that phones do not come back together. */
export function pauseMs(failures: number, chance: number, laterS: number | null = null): number {
  const step = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10));
  return Math.max((laterS ?? 0) * 1000, step) * (0.5 + chance);
}

/** The records of the next request: in the order of making, as many as one request takes. */
async function batch(
  waiting: Entry[],
  payload: (id: string) => Promise<string>,
): Promise<
  (Pick<Entry, "id" | "kind" | "form" | "subject" | "after" | "sha256" | "files"> & { payload: string })[]
> {
  const records = [];
  let characters = 0;
  for (const { id, kind, form, subject, after, sha256, files } of waiting.slice(0, MOST_RECORDS)) {
    const text = await payload(id);
    characters += text.length;
    if (records.length && characters > MOST_CHARACTERS) break;
    records.push({ id, kind, form, subject, after, payload: text, sha256, files });
  }
  return records;
}

export interface Round {
  /** Something is still on its way: ask again soon. */
  soon: boolean;
  laterS: number | null;
}

export class Sync {
  constructor(
    private readonly records: Records,
    private readonly packet: Packet,
    private readonly user: string,
  ) {}

  /** Sends what waits, takes what is new, sends files. One tab at a time. */
  async run(nowMs: () => number): Promise<Round | undefined> {
    return navigator.locks.request("wangge-field-sync", { ifAvailable: true }, (lock) =>
      lock ? this.rounds(nowMs) : undefined,
    );
  }

  private async rounds(nowMs: () => number): Promise<Round> {
    const who = await session();
    if (who.user !== this.user) throw new OtherPerson();
    let answer: Answer;
    let before: number;
    let full: Full | undefined;
    let left = (await this.waiting()).length;
    do {
      before = left;
      answer = await this.exchange(who.csrf);
      full = (await this.take(answer, nowMs())) ?? full;
      left = (await this.waiting()).length;
      // A server that says nothing about what it was sent is not asked for ever.
    } while (answer.more || (left > 0 && left < before));
    const sent = await this.sendFiles(who.csrf);
    if (full) throw full;
    const owed = (await this.records.all()).some((entry) => OPEN.has(entry.state));
    return { soon: sent || owed, laterS: answer.later_s };
  }

  /** Takes the packet in where there is room; without it the records go on all the same. */
  private async take(answer: Answer, nowMs: number): Promise<Full | undefined> {
    try {
      await this.packet.take(answer, nowMs);
      return undefined;
    } catch (error) {
      if (error instanceof Full) return error;
      throw error;
    }
  }

  private async waiting(): Promise<Entry[]> {
    return (await this.records.all()).filter((entry) => entry.state === "unsent");
  }

  private async exchange(csrf: string): Promise<Answer> {
    const request = await this.records.nextRequest();
    const all = await this.records.all();
    const records = await batch(
      all.filter((entry) => entry.state === "unsent"),
      (id) => this.records.payload(id),
    );
    const sending = new Set(records.map((record) => record.id));
    const holding = all
      .filter((entry) => entry.state === "sent" && !sending.has(entry.id))
      .map((entry) => entry.id);
    const body = { device: this.records.deviceId, cursor: await this.packet.cursor(), records, holding };
    const [zip, encoding] = await zipped(JSON.stringify(body));
    const answer = await ask("/field/sync", told<Answer>, {
      method: "POST",
      body: zip,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, ...encoding },
    });
    for (const { id, answer: told, problem } of answer.records) {
      await this.records.answered(id, told, problem, request);
    }
    for (const receipt of answer.receipts) await this.records.settle(receipt, request);
    return answer;
  }

  /** Sends each file of a sent record that the server has not whole; tells whether any went. */
  private async sendFiles(csrf: string): Promise<boolean> {
    const sent = (await this.records.all()).filter((entry) => entry.state === "sent");
    const hashes = new Set(sent.flatMap((entry) => entry.files.map((file) => file.sha256)));
    let any = false;
    let failure: unknown;
    for (const sha of hashes) {
      try {
        any = (await this.sendFile(sha, csrf)) || any;
      } catch (error) {
        // One file that does not get through stops no other.
        if (!(error instanceof NoNetwork) || !navigator.onLine) throw error;
        failure = error;
      }
    }
    if (failure && !any) throw failure;
    return any;
  }

  private async sendFile(sha: string, csrf: string): Promise<boolean> {
    const there = await ask(`/field/files/${sha}`, async (response) =>
      response.status === 404 ? NOTHING_THERE : told<There>(response),
    );
    const blob = there.whole ? undefined : await this.records.file(sha);
    if (!blob) return false;
    for (const [from, to] of missing(there.have, blob.size)) {
      const words = new URLSearchParams({ from: String(from), size: String(blob.size), type: blob.type });
      await ask(`/field/files/${sha}?${words}`, told<There>, {
        method: "PUT",
        body: blob.slice(from, to),
        headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": csrf },
      });
    }
    return true;
  }
}

interface There {
  have: [number, number][];
  whole: boolean;
}
const NOTHING_THERE: There = { have: [], whole: false };

/** The pieces of a file that are not there yet, none longer than a chunk. */
export function missing(have: [number, number][], size: number): [number, number][] {
  const pieces: [number, number][] = [];
  let at = 0;
  const gap = (to: number) => {
    while (at < to) {
      const end = Math.min(to, at + CHUNK);
      pieces.push([at, end]);
      at = end;
    }
  };
  for (const [from, to] of [...have].sort((a, b) => a[0] - b[0])) {
    gap(from);
    at = Math.max(at, to);
  }
  gap(size);
  return pieces;
}

/**
 * What the person did and the server has not finished with. A record is closed when it is kept: its bytes never change
 * again, and it leaves the phone only by `settle` (a later receipt) or by the person's own hand.
 */
import { type Box, deviceKey, seal, sealJson, sha256, unseal, unsealJson } from "./sealing";
import type { Differs, FileMark, Receipt } from "./shapes";
import { Full, unsentStore } from "./store";

export type State = "unsent" | "sent" | "refused" | "differs" | "conflict" | "malformed";

export interface Entry {
  id: string;
  user: string;
  kind: string;
  form: string;
  subject: string | null;
  after: string | null;
  /** For the person's eyes and order of making on this phone; never sent. */
  madeMs: number;
  sha256: string;
  files: FileMark[];
  state: State;
  /** Number of the request in which the server first said that it keeps the record. */
  keptIn: number | null;
  problem: Record<string, string> | null;
  result: { case?: string; number?: string } | null;
  /** Absent in records of earlier releases. */
  differs?: Differs | null;
  title: string;
}

interface Row extends Omit<Entry, "title"> {
  title: Box;
  payload: Box;
}

interface Device {
  id: string;
  key: CryptoKey;
  requests: number;
}

interface HeldFile extends FileMark {
  user: string;
  box: Box;
  /** When it was put here, for files that belong to a draft. */
  madeMs: number;
}

// States in which the server still owes an answer.
export const OPEN: ReadonlySet<State> = new Set<State>(["unsent", "sent"]);
// States in which the person must look.
export const STUCK: ReadonlySet<State> = new Set<State>(["refused", "differs", "conflict", "malformed"]);

type Thing = "case" | "visit" | "shift" | "meeting" | "item";
// What the subject of a kind of record is: a case and a visit may have the same number.
const THINGS: Record<string, Thing> = {
  move: "case",
  note: "case",
  patch: "case",
  visit: "visit",
  shift: "shift",
  minutes: "meeting",
  agreed: "item",
};

/** Whether a record is about this thing, or about any of its sort. */
export function about(entry: Pick<Entry, "kind" | "subject">, thing: Thing, id?: string): boolean {
  return Boolean(entry.subject) && THINGS[entry.kind] === thing && (id === undefined || entry.subject === id);
}

const DRAFT_LIFE_MS = 30 * 24 * 3600 * 1000;

interface Kept<T> {
  value: T;
  atMs: number;
}

export interface NewRecord {
  id: string;
  kind: string;
  form: string;
  subject: string | null;
  title: string;
  payload: unknown;
  files: string[];
}

/** Writes where there is room; tells whether it did. */
async function roomFor(writing: Promise<void>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof Full) return false;
    throw error;
  }
}

export class Records {
  /** Requests that first kept a record, for which a full phone had no room: sending must go on, it is what makes room. */
  private readonly keptMeanwhile = new Map<string, number>();

  private constructor(
    private readonly device: Device,
    private readonly user: string,
  ) {}

  /** The records of one user on this phone; the phone's own key and id are made on the first opening. */
  static async open(user: string): Promise<Records> {
    let device = await unsentStore.get<Device>("device", "device");
    if (!device) {
      device = { id: crypto.randomUUID(), key: await deviceKey(), requests: 0 };
      await unsentStore.write([["device", "device", device]]);
    }
    return new Records(device, user);
  }

  get deviceId(): string {
    return this.device.id;
  }

  /** A number for the next request, greater than all before. */
  async nextRequest(): Promise<number> {
    this.device.requests += 1;
    await roomFor(unsentStore.write([["device", "device", this.device]]));
    return this.device.requests;
  }

  private async rows(): Promise<Row[]> {
    const rows = await unsentStore.all<Row>("records");
    const mine = rows.filter((row) => row.user === this.user).map((row) => this.asItIs(row));
    return mine.sort((a, b) => a.madeMs - b.madeMs);
  }

  private asItIs(row: Row): Row {
    const keptIn = row.keptIn ?? this.keptMeanwhile.get(row.id) ?? null;
    return { ...row, keptIn, state: row.state === "unsent" && keptIn !== null ? "sent" : row.state };
  }

  async all(): Promise<Entry[]> {
    const rows = await this.rows();
    return Promise.all(
      rows.map(async ({ payload: _sealed, ...row }) => ({
        ...row,
        title: await unsealJson<string>(this.device.key, row.title),
      })),
    );
  }

  /** The exact text that was or will be sent. */
  async payload(id: string): Promise<string> {
    const row = await unsentStore.get<Row>("records", id);
    if (!row) throw new Error(`no record ${id}`);
    return new TextDecoder().decode(await unseal(this.device.key, row.payload));
  }

  /** Keeps a record for ever, with its place behind the last one of the same subject. */
  async keep(record: NewRecord, nowMs: number): Promise<void> {
    const text = new TextEncoder().encode(JSON.stringify(record.payload));
    const rows = await this.rows();
    const thing = THINGS[record.kind];
    const before = rows.filter((row) => record.subject && thing && about(row, thing, record.subject));
    const files = await Promise.all([...new Set(record.files)].map((sha) => this.mark(sha)));
    const row: Row = {
      id: record.id,
      user: this.user,
      kind: record.kind,
      form: record.form,
      subject: record.subject,
      after: before.at(-1)?.id ?? null,
      // Two records of one moment, or a clock turned back, keep their order.
      madeMs: Math.max(nowMs, (rows.at(-1)?.madeMs ?? 0) + 1),
      sha256: await sha256(text),
      files,
      state: "unsent",
      keptIn: null,
      problem: null,
      result: null,
      title: await sealJson(this.device.key, record.title),
      payload: await seal(this.device.key, text),
    };
    await unsentStore.write([["records", row.id, row]]);
  }

  private async mark(sha: string): Promise<FileMark> {
    const file = await unsentStore.get<HeldFile>("files", sha);
    if (!file) throw new Error(`no file ${sha}`);
    return { sha256: sha, size: file.size, type: file.type };
  }

  /** Notes what a request answered about a record that it carried. */
  async answered(
    id: string,
    answer: "kept" | "conflict" | "malformed",
    problem: string | null,
    request: number,
  ) {
    const row = await unsentStore.get<Row>("records", id);
    if (!row) return;
    const state: State = answer === "kept" ? (row.state === "unsent" ? "sent" : row.state) : answer;
    const keptIn = answer === "kept" ? (row.keptIn ?? request) : row.keptIn;
    const now: Row = { ...row, state, keptIn, problem: problem ? { "": problem } : row.problem };
    const written = await roomFor(unsentStore.write([["records", id, now]]));
    if (!written && keptIn !== null) this.keptMeanwhile.set(id, this.keptMeanwhile.get(id) ?? keptIn);
  }

  /** Takes a receipt of the given request; deletes the record when it is done, its hashes are named, and the request
   * is a later one than that which first kept it. Tells whether the record has left. */
  async settle(receipt: Receipt, request: number): Promise<boolean> {
    const held = await unsentStore.get<Row>("records", receipt.id);
    if (!held || held.sha256 !== receipt.sha256) return false;
    const row = this.asItIs(held);
    if (leaves(row, receipt, request)) {
      await this.remove(row);
      return true;
    }
    const state = standingAfter(row.state, receipt.state);
    const { problem, result, differs } = receipt;
    const keptIn = row.keptIn ?? request;
    const now: Row = { ...row, state, keptIn, problem, result, differs };
    await roomFor(unsentStore.write([["records", row.id, now]]));
    return false;
  }

  /** The person has seen a record that was not taken, and lets it go. */
  async drop(id: string): Promise<void> {
    const row = await unsentStore.get<Row>("records", id);
    if (row) await this.remove(row);
  }

  private async remove(row: Row): Promise<void> {
    const others = (await unsentStore.all<Row>("records")).filter((other) => other.id !== row.id);
    const used = new Set(others.flatMap((other) => other.files.map((file) => file.sha256)));
    const free = row.files.filter((file) => !used.has(file.sha256));
    await unsentStore.write([
      ["records", row.id, undefined],
      ...free.map((file): [string, string, undefined] => ["files", file.sha256, undefined]),
    ]);
  }

  /** Keeps a photo under its hash. */
  async keepFile(blob: Blob, nowMs: number): Promise<FileMark> {
    const data = await blob.arrayBuffer();
    const mark = { sha256: await sha256(data), size: blob.size, type: blob.type };
    const file: HeldFile = {
      ...mark,
      user: this.user,
      madeMs: nowMs,
      box: await seal(this.device.key, data),
    };
    await unsentStore.write([["files", mark.sha256, file]]);
    return mark;
  }

  async file(sha: string): Promise<Blob | undefined> {
    const file = await unsentStore.get<HeldFile>("files", sha);
    return file && new Blob([await unseal(this.device.key, file.box)], { type: file.type });
  }

  async saveDraft(name: string, value: unknown, nowMs: number): Promise<void> {
    const box = await sealJson(this.device.key, { value, atMs: nowMs });
    // A full phone says so when the record itself is kept.
    await roomFor(unsentStore.write([["drafts", `${this.user}:${name}`, box]]));
  }

  async draft<T>(name: string): Promise<Kept<T> | undefined> {
    const box = await unsentStore.get<Box>("drafts", `${this.user}:${name}`);
    return box && unsealJson<Kept<T>>(this.device.key, box);
  }

  async dropDraft(name: string): Promise<void> {
    await unsentStore.write([["drafts", `${this.user}:${name}`, undefined]]);
  }

  /** Throws away drafts that nobody went on with for a month, and files that no record and no draft names. */
  async tidy(nowMs: number): Promise<void> {
    const rows = await unsentStore.all<Row>("records");
    const used = new Set([
      ...(await this.drafted(nowMs)),
      ...rows.flatMap((row) => row.files.map((file) => file.sha256)),
    ]);
    const files = await unsentStore.all<HeldFile>("files");
    const loose = files.filter((file) => file.user === this.user && !used.has(file.sha256));
    if (loose.length) {
      await unsentStore.write(loose.map((file) => ["files", file.sha256, undefined]));
    }
  }

  /** Hashes of files that this user's drafts name; the oldest drafts go. */
  private async drafted(nowMs: number): Promise<string[]> {
    const named: string[] = [];
    for (const key of await unsentStore.keys("drafts")) {
      if (!key.startsWith(`${this.user}:`)) continue;
      const name = key.slice(this.user.length + 1);
      const draft = await this.draft(name);
      if (draft && nowMs - draft.atMs > DRAFT_LIFE_MS) await this.dropDraft(name);
      else named.push(...(JSON.stringify(draft).match(/[0-9a-f]{64}/g) ?? []));
    }
    return named;
  }

  /** Everything of this user that has not been taken, readable: for a file to carry elsewhere. */
  async exported(): Promise<object> {
    const rows = await this.rows();
    const files = [...new Set(rows.flatMap((row) => row.files.map((file) => file.sha256)))];
    return {
      app: "wangge-field",
      device: this.device.id,
      user: this.user,
      records: await Promise.all(
        rows.map(async (row) => ({
          id: row.id,
          kind: row.kind,
          form: row.form,
          subject: row.subject,
          after: row.after,
          sha256: row.sha256,
          state: row.state,
          files: row.files,
          payload: await this.payload(row.id),
        })),
      ),
      files: Object.fromEntries(await Promise.all(files.map(async (sha) => [sha, await this.base64(sha)]))),
    };
  }

  private async base64(sha: string): Promise<string> {
    const bytes = new Uint8Array((await (await this.file(sha))?.arrayBuffer()) ?? new ArrayBuffer());
    const parts: string[] = [];
    for (let at = 0; at < bytes.length; at += 0x8000) {
      parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
    }
    return btoa(parts.join(""));
  }
}

/** What a record is after a receipt that leaves it here. */
function standingAfter(state: State, told: Receipt["state"]): State {
  if (told === "refused" || told === "differs") return told;
  return state === "unsent" ? "sent" : state;
}

/** Whether a receipt of this request lets the record leave the phone. */
export function leaves(
  row: Pick<Entry, "sha256" | "files" | "keptIn">,
  receipt: Receipt,
  request: number,
): boolean {
  const whole = row.files.every((file) => receipt.files[file.sha256] === "whole");
  const later = row.keptIn !== null && request > row.keptIn;
  return receipt.state === "done" && receipt.sha256 === row.sha256 && whole && later;
}

/** This phone's id, once there is one: by it a revoked phone is told so without a sign-in. */
export async function deviceId(): Promise<string | undefined> {
  return (await unsentStore.get<Device>("device", "device"))?.id;
}

/** How many records still wait on this phone, of anybody: read without any PIN, it is only a number. */
export async function countUnsent(): Promise<number> {
  return (await unsentStore.all<Row>("records")).length;
}

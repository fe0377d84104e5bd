/** What was downloaded for today's work: one sealed box per kind on the phone, plain only in memory while unlocked. */
import { heard, held } from "./lock";
import { type Box, sealJson, unsealJson } from "./sealing";
import { type Answer, KINDS, type Kind, type Kinds } from "./shapes";
import { packetStore } from "./store";

type Rows = Map<string, { id: string }>;

export class Packet {
  private readonly kinds = new Map<Kind, Rows>();
  /** Kinds that an earlier release did not keep: the server has told them, and is asked for all once more. */
  private readonly unknown = new Set<Kind>();

  private constructor(private readonly key: CryptoKey) {}

  static async open(key: CryptoKey): Promise<Packet> {
    const packet = new Packet(key);
    for (const kind of KINDS) {
      const box = await packetStore.get<Box>("kinds", kind);
      if (!box) packet.unknown.add(kind);
      const rows = box ? await unsealJson<{ id: string }[]>(key, box) : [];
      packet.kinds.set(kind, new Map(rows.map((row) => [row.id, row])));
    }
    return packet;
  }

  all<K extends Kind>(kind: K): Kinds[K][] {
    return [...(this.kinds.get(kind)?.values() ?? [])] as Kinds[K][];
  }

  one<K extends Kind>(kind: K, id: string): Kinds[K] | undefined {
    return this.kinds.get(kind)?.get(id) as Kinds[K] | undefined;
  }

  async cursor(): Promise<string | null> {
    return this.unknown.size ? null : ((await held())?.cursor ?? null);
  }

  /** Takes in what the server told: rows first, then the cursor, so that a phone that dies between asks again. */
  async take(answer: Answer, nowMs: number): Promise<void> {
    // A crowded server says nothing of the packet, and no cursor to who had none.
    const told = answer.cursor !== null;
    const changed = KINDS.filter(
      (kind) =>
        answer.fresh ||
        (told && this.unknown.has(kind)) ||
        answer.changes[kind]?.length ||
        answer.gone[kind]?.length,
    );
    const boxes: [string, string, Box][] = [];
    for (const kind of changed) {
      const rows = new Map(answer.fresh ? [] : this.kinds.get(kind));
      for (const id of answer.gone[kind] ?? []) rows.delete(id);
      for (const row of answer.changes[kind] ?? []) rows.set(row.id, row);
      boxes.push(["kinds", kind, await sealJson(this.key, [...rows.values()])]);
      this.kinds.set(kind, rows);
    }
    if (boxes.length) await packetStore.write(boxes);
    if (told) this.unknown.clear();
    await heard(answer.cursor ?? (await held())?.cursor ?? null, nowMs);
  }
}

const KEEP_MS = 24 * 3600 * 1000;

/** Typed text kept on this device for a day, under one name. */
export class Draft {
  private readonly key: string;

  constructor(
    name: string,
    private readonly store: Storage,
  ) {
    this.key = `wangge:draft:${name}`;
  }

  /** The kept values by field name; nothing when absent, unreadable or older than a day. */
  read(nowMs: number): Record<string, string> {
    try {
      const { at, values } = JSON.parse(this.store.getItem(this.key) ?? "{}");
      return nowMs - at < KEEP_MS ? values : {};
    } catch {
      return {};
    }
  }

  write(values: Record<string, string>, nowMs: number): void {
    try {
      this.store.setItem(this.key, JSON.stringify({ at: nowMs, values }));
    } catch {
      // a full or forbidden store: typing goes on without a draft
    }
  }

  clear(): void {
    this.store.removeItem(this.key);
  }
}

import { PACKET } from "../behaviours/leaving";

/**
 * Two databases of the browser, because their lives differ. The packet (what was downloaded) is thrown away whole on
 * sign-out, revocation, five wrong PINs or after a day; what the person wrote and has not sent never is.
 */
const UNSENT = "wangge-field-unsent";
const STORES: Record<string, string[]> = {
  [PACKET]: ["lock", "kinds"],
  [UNSENT]: ["device", "records", "files", "drafts"],
};

// The browser's share is used up; or the disk itself is (Chromium: "Failed to write blobs", "Internal error committing").
const CANNOT_WRITE = new Set(["QuotaExceededError", "DataError", "UnknownError"]);

/** The phone has no room left: nothing was written, the form is still there. */
export class Full extends Error {}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Store {
  private opened: Promise<IDBDatabase> | undefined;

  constructor(private readonly name: string) {}

  private open(): Promise<IDBDatabase> {
    this.opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => {
        for (const store of STORES[this.name] ?? []) {
          if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store);
        }
      };
      request.onsuccess = () => {
        // Another tab, or signing out at the desk, deletes the database: let it.
        request.result.onversionchange = () => {
          request.result.close();
          this.opened = undefined;
        };
        // The browser closes it by itself when the disk fails: the next call opens it again.
        request.result.onclose = () => {
          this.opened = undefined;
        };
        resolve(request.result);
      };
      request.onerror = () => {
        this.opened = undefined;
        reject(request.error);
      };
    });
    return this.opened;
  }

  async get<T>(store: string, key: string): Promise<T | undefined> {
    const db = await this.open();
    return done<T | undefined>(db.transaction(store).objectStore(store).get(key));
  }

  async all<T>(store: string): Promise<T[]> {
    const db = await this.open();
    return done<T[]>(db.transaction(store).objectStore(store).getAll());
  }

  /** Keys of a store. */
  async keys(store: string): Promise<string[]> {
    const db = await this.open();
    return (await done(db.transaction(store).objectStore(store).getAllKeys())).map(String);
  }

  /** Writes and deletes (`undefined`) together or not at all, and only answers once it is on the disk. */
  async write(changes: [store: string, key: string, value: unknown][]): Promise<void> {
    const db = await this.open();
    const names = [...new Set(changes.map(([store]) => store))];
    await new Promise<void>((resolve, reject) => {
      const transaction = db.transaction(names, "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => {
        const error = transaction.error;
        reject(error && CANNOT_WRITE.has(error.name) ? new Full(error.message) : error);
      };
      for (const [store, key, value] of changes) {
        const held = transaction.objectStore(store);
        if (value === undefined) held.delete(key);
        else held.put(value, key);
      }
    });
  }

  /** Deletes the whole database with all keys in it. */
  async destroy(): Promise<void> {
    const db = await this.opened?.catch(() => undefined);
    db?.close();
    this.opened = undefined;
    await done(indexedDB.deleteDatabase(this.name));
  }
}

export const packetStore = new Store(PACKET);
export const unsentStore = new Store(UNSENT);

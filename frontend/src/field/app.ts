/** The running app: whose it is, what it holds, when it talks to the server, and which screen is shown. */
import { say } from "../lib/text";
import { setPin, standing, wipe } from "./lock";
import { Packet } from "./packet";
import { type Entry, Records } from "./records";
import { Full } from "./store";
import { NoNetwork, OtherPerson, pauseMs, Revoked, type Session, SignedOut, Sync, session } from "./sync";

const REGULARLY_MS = 5 * 60_000;
const SOON_MS = 2_000;

export type Line = "idle" | "busy" | "offline" | "signed_out" | "full";

export interface Status {
  line: Line;
  /** When the server last answered in this opening. */
  syncedMs: number | null;
}

export interface Open {
  user: string;
  records: Records;
  packet: Packet;
}

export type Door = "sign_in" | "set_pin" | "locked" | "open";

export class App {
  door: Door = "sign_in";
  /** Why the person stands before the door, in words. */
  why = "";
  open: Open | undefined;
  who: Session | undefined;
  status: Status = { line: "idle", syncedMs: null };
  entries: Entry[] = [];
  private sync: Sync | undefined;
  private failures = 0;
  private timer: number | undefined;

  constructor(private readonly draw: (fresh: boolean) => void) {}

  /** Which door the person stands before. */
  async begin(): Promise<void> {
    const found = await standing(Date.now());
    if (found === "locked") {
      this.door = "locked";
    } else {
      if (found === "expired") {
        this.why = say(
          "资料已过 24 小时，已从本机清除。登录后重新下载；没有发送的记录还在。",
          "The data was older than 24 hours and has been removed from this phone. Sign in to load it again; unsent records are still here.",
        );
      }
      await this.enter();
    }
    this.draw(true);
  }

  /** Asks the server who is signed in; without an answer the person stays before the sign-in. */
  async enter(): Promise<void> {
    try {
      this.who = await session();
      this.door = "set_pin";
    } catch (error) {
      this.door = "sign_in";
      if (error instanceof NoNetwork) {
        this.why ||= say(
          "现在没有网络。第一次使用要先连网登录。",
          "No network. The first use needs a sign-in.",
        );
      }
    }
  }

  async choosePin(pin: string): Promise<void> {
    if (!this.who) return;
    await navigator.storage?.persist?.();
    await this.unlocked(await setPin(pin, this.who.user, this.who.name, Date.now()), this.who.user);
  }

  async unlocked(key: CryptoKey, user: string): Promise<void> {
    const records = await Records.open(user);
    this.open = { user, records, packet: await Packet.open(key) };
    this.sync = new Sync(records, this.open.packet, user);
    this.door = "open";
    this.why = "";
    await this.reload();
    this.draw(true);
    void this.exchange();
  }

  /** Locks the screen; the packet stays sealed on the phone. */
  async lock(): Promise<void> {
    this.close();
    this.door = "locked";
    this.draw(true);
  }

  private close(): void {
    clearTimeout(this.timer);
    this.open = this.sync = undefined;
    this.entries = [];
    this.status = { line: "idle", syncedMs: null };
  }

  /** Ends the packet; unsent records stay for whoever wrote them. */
  async end(why: string): Promise<void> {
    this.close();
    await wipe();
    this.why = why;
    await this.enter();
    this.draw(true);
  }

  async reload(): Promise<void> {
    this.entries = (await this.open?.records.all()) ?? [];
  }

  /** After a record was kept: the number changes at once, and it is sent when there is a line. */
  async kept(): Promise<void> {
    await this.reload();
    this.draw(false);
    void this.exchange();
  }

  /** One exchange with the server; afterwards the next one is planned. */
  async exchange(): Promise<void> {
    if (!this.sync || this.status.line === "busy") return;
    clearTimeout(this.timer);
    this.status = { ...this.status, line: "busy" };
    this.draw(false);
    let pause = REGULARLY_MS;
    try {
      const round = await this.sync.run(Date.now);
      this.failures = 0;
      this.status = { line: "idle", syncedMs: Date.now() };
      if (round?.laterS) pause = round.laterS * 1000 * (0.5 + Math.random());
      else if (round?.soon) pause = SOON_MS;
    } catch (error) {
      if (await this.stopped(error)) return;
      this.failures += 1;
      const later = error instanceof NoNetwork ? error.laterS : null;
      pause = pauseMs(this.failures, Math.random(), later);
      this.status = { ...this.status, line: error instanceof Full ? "full" : "offline" };
    }
    if (!this.sync) return;
    await this.reload();
    this.draw(false);
    this.timer = window.setTimeout(() => void this.exchange(), pause);
  }

  /** Errors after which there is nothing to try again: tells whether it was one. */
  private async stopped(error: unknown): Promise<boolean> {
    if (error instanceof SignedOut) {
      this.status = { ...this.status, line: "signed_out" };
      await this.reload();
      this.draw(false);
      return true;
    }
    if (error instanceof Revoked) {
      await this.end(
        say(
          "这部手机已被停用，本机资料已清除。没有发送的记录还在；请联系社区工作站。",
          "This phone has been revoked and its data removed. Unsent records are still here; ask your station.",
        ),
      );
      return true;
    }
    if (error instanceof OtherPerson) {
      await this.end(
        say(
          "登录的是另一个人，上一位的资料已从本机清除。上一位没有发送的记录还在，本人登录后发送。",
          "Somebody else is signed in; the data of the one before has been removed. Their unsent records stay for them.",
        ),
      );
      return true;
    }
    if (error instanceof NoNetwork || error instanceof Full) return false;
    throw error;
  }

  /** Draws the present screen anew. */
  show(): void {
    this.draw(true);
  }

  /** A new line, or the app back in view: try at once, without the pause after failures. */
  wake(): void {
    if (this.open && this.status.line !== "busy") void this.exchange();
  }
}

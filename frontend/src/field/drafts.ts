/** A form that keeps itself while it is filled in: whoever is called away finds it as it was. */
import type { App, Open } from "./app";

export class Draft<T extends { id: string }> {
  private saving = Promise.resolve();

  private constructor(
    private readonly open: Open,
    private readonly name: string,
    readonly form: T,
    /** Begun at an earlier opening. */
    readonly restored: boolean,
  ) {}

  /** The form as it was left, or `fresh`. One whose record was kept already is over: the phone died between the two. */
  static async of<T extends { id: string }>(app: App, open: Open, name: string, fresh: T): Promise<Draft<T>> {
    const kept = (await open.records.draft<T>(name))?.value;
    const over = !kept || app.entries.some((entry) => entry.id === kept.id);
    return new Draft(open, name, over ? fresh : { ...fresh, ...kept }, !over);
  }

  /** Notes a change and keeps the form, one write after the other; a full phone says so when the record is kept. */
  readonly save = (change: Partial<T>): void => {
    Object.assign(this.form, change);
    this.saving = this.saving
      .then(() => this.open.records.saveDraft(this.name, this.form, Date.now()))
      .catch(() => undefined);
  };

  /** Resolves when what was noted is written. */
  written(): Promise<void> {
    return this.saving;
  }

  async drop(): Promise<void> {
    await this.saving;
    await this.open.records.dropDraft(this.name);
  }
}

import type { App, Open } from "../app";
import type { NewRecord } from "../records";
import { Full } from "../store";
import { note } from "../view";
import { fullWords } from "./unsent";

/** Keeps a record; when the phone is full the form stays as it is and says so. */
export async function keepOrSay(
  app: App,
  open: Open,
  record: NewRecord,
  form: HTMLElement,
): Promise<boolean> {
  try {
    await open.records.keep(record, Date.now());
  } catch (error) {
    if (!(error instanceof Full)) throw error;
    form.append(note("danger", fullWords()));
    return false;
  }
  await app.kept();
  return true;
}

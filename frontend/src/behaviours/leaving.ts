import { on } from "../lib/dom";

/** The database of what the field app downloaded, with its keys. */
export const PACKET = "wangge-field-packet";

/** Signing out at the desk ends the phone's packet too. What is unsent lies elsewhere and stays. */
export function leaving(): void {
  on("submit", "form[action$='/sign-out']", () => {
    indexedDB.deleteDatabase(PACKET);
  });
}

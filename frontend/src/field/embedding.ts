/** Inside a city's main app, which has a title bar of its own: `/field/?embed=1` shows none, until the app is closed. */
const KEY = "wangge:embedded";

export function embedded(): boolean {
  if (new URLSearchParams(location.search).get("embed") === "1") sessionStorage.setItem(KEY, "1");
  return sessionStorage.getItem(KEY) === "1";
}

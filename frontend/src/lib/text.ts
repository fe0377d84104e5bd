/** Browser texts are few, so both languages stand side by side: say("刚刚", "just now"). */
export function say(zh: string, en: string): string {
  return document.documentElement.lang.toLowerCase().startsWith("en") ? en : zh;
}

/** Before the work: sign in, choose a PIN, unlock. */
import { make } from "../../lib/dom";
import { say } from "../../lib/text";
import type { App } from "../app";
import { held, MOST_TRIES, PIN_DIGITS, tryPin } from "../lock";
import { countUnsent } from "../records";
import { Full } from "../store";
import { askPerson, button, field, h, note } from "../view";
import { fullWords } from "./unsent";

export async function door(app: App): Promise<HTMLElement> {
  const waiting = await countUnsent();
  const count =
    waiting > 0 &&
    note(
      "warning",
      say(
        `还有 ${waiting} 条没有发送，保存在本机，打开后自动发送。`,
        `${waiting} unsent records are kept on this phone and are sent once you open the app.`,
      ),
    );
  const why = app.why && note("info", app.why);
  const screen = h("main", "f-door", brand(), why, count);
  if (!crypto.subtle) screen.append(note("danger", insecure()));
  else if (app.door === "sign_in") screen.append(...signIn(app));
  else screen.append(app.door === "set_pin" ? setting(app) : await unlocking(app));
  return screen;
}

function insecure(): string {
  return say(
    "这个网址不是 https，浏览器不允许加密保存。请向管理员要 https 网址。",
    "This address is not https, so the browser allows no encryption. Ask the administrator for the https address.",
  );
}

function brand(): HTMLElement {
  const src = document.querySelector<HTMLLinkElement>("link[rel=icon]")?.href ?? "";
  const image = make("img", { src, alt: "", width: "56", height: "56" });
  return h("header", "f-brand", image, h("h1", "", say("网格员手机", "Grid worker's phone")));
}

function signIn(app: App): HTMLElement[] {
  const address = `${document.documentElement.dataset.signIn}?next=/field/`;
  const link = make("a", { class: "f-button f-primary", href: address }, say("登录", "Sign in"));
  const again = button(say("再试一次", "Try again"), async () => {
    app.why = "";
    await app.begin();
  });
  return [link, again];
}

function pinInput(label: string): [HTMLElement & { wrong(text: string): void }, HTMLInputElement] {
  const input = make("input", {
    class: "f-input f-pin",
    type: "password",
    inputmode: "numeric",
    autocomplete: "off",
    maxlength: String(PIN_DIGITS),
  });
  return [field(label, input), input];
}

function setting(app: App): HTMLElement {
  const [first, one] = pinInput(say("设一个 6 位数字密码", "Choose a PIN of 6 digits"));
  const [second, two] = pinInput(say("再输一次", "Once more"));
  const form = h(
    "form",
    "f-stack",
    h("p", "", say(`${app.who?.name}，您好。`, `Hello, ${app.who?.name}.`)),
    h(
      "p",
      "f-hint",
      say(
        "数字密码只锁这部手机里的资料，和登录密码无关。输错 5 次，下载的资料就会清除；没有发送的记录不会丢。",
        "The PIN locks only the data on this phone. Five wrong tries remove what was downloaded; unsent records are never lost.",
      ),
    ),
    first,
    second,
  );
  const send = make("button", { class: "f-button f-primary", type: "submit" }, say("开始使用", "Begin"));
  form.append(send);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const simple = /^(\d)\1+$|^(?:012345|123456|234567|345678|456789|987654|876543|765432|654321|543210)$/;
    const short = !new RegExp(`^\\d{${PIN_DIGITS}}$`).test(one.value);
    first.wrong(
      short
        ? say("请输入 6 位数字。", "Please enter 6 digits.")
        : simple.test(one.value)
          ? say("太容易猜到，请换一个。", "Too easy to guess; choose another.")
          : "",
    );
    const other = one.value !== two.value;
    second.wrong(other ? say("两次输入不一样。", "The two are not the same.") : "");
    if (short || simple.test(one.value) || other) return;
    send.disabled = true;
    try {
      await app.choosePin(one.value);
    } catch (error) {
      if (!(error instanceof Full)) throw error;
      second.wrong(fullWords());
    } finally {
      send.disabled = false;
    }
  });
  return form;
}

async function unlocking(app: App): Promise<HTMLElement> {
  const found = await held();
  const [box, input] = pinInput(say("数字密码", "PIN"));
  const form = h("form", "f-stack", h("p", "", found?.name ?? ""), box);
  const left = MOST_TRIES - (found?.wrong ?? 0);
  if (left < MOST_TRIES) box.wrong(leftWords(left));
  const send = make("button", { class: "f-button f-primary", type: "submit" }, say("打开", "Open"));
  const forgotten = button(say("忘记数字密码", "Forgot the PIN"), () => forgot(app), { css: "f-quiet" });
  form.append(send, forgotten);
  input.addEventListener("input", () => {
    if (input.value.length === PIN_DIGITS) form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (input.value.length !== PIN_DIGITS || send.disabled) return;
    send.disabled = true;
    const tried = await tryPin(input.value);
    if ("key" in tried && found) return app.unlocked(tried.key, found.user);
    send.disabled = false;
    input.value = "";
    if ("left" in tried && tried.left > 0) return box.wrong(leftWords(tried.left));
    await app.end(
      say(
        "数字密码输错 5 次，下载的资料已从本机清除。没有发送的记录还在，重新登录后继续。",
        "Five wrong PINs: the downloaded data has been removed. Unsent records are still here; sign in to go on.",
      ),
    );
  });
  requestAnimationFrame(() => input.focus());
  return form;
}

function leftWords(left: number): string {
  return say(`数字密码不对，还可以试 ${left} 次。`, `Wrong PIN; ${left} tries left.`);
}

async function forgot(app: App): Promise<void> {
  const answer = await askPerson(
    say("忘记数字密码", "Forgot the PIN"),
    say(
      "下载的资料会从本机清除，登录后重新下载，再设新的数字密码。没有发送的记录不会丢。",
      "The downloaded data will be removed and loaded again after you sign in. Unsent records are kept.",
    ),
    [
      { value: "yes", label: say("清除并重新登录", "Remove and sign in again"), css: "f-danger" },
      { value: "", label: say("取消", "Cancel") },
    ],
  );
  if (answer === "yes") await app.end("");
}

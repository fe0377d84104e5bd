import { make, meta } from "../lib/dom";
import { say } from "../lib/text";
import { toast } from "./toasts";

/** What a person is told when a request failed; `body` is the server's own text where it may be shown. */
export function failureText(status: number, body = ""): string {
  const own = body.trim();
  if (own && own.length <= 300 && !own.includes("<")) return own;
  if (status === 0)
    return say(
      "网络不通，填写的内容还在，请稍后再试。",
      "No connection. What you typed is kept; try again later.",
    );
  if (status === 401 || status === 403) {
    return say(
      "登录已过期，或您没有办理这一步的权限。",
      "Your session has expired, or this step is not yours.",
    );
  }
  if (status === 404)
    return say("找不到这条记录，可能已被移交或合并。", "Not found: it may have been passed on or merged.");
  if (status === 409)
    return say(
      "别人刚刚改过这条记录，请刷新后再办。",
      "Somebody has just changed this record. Reload and try again.",
    );
  if (status === 413) return say("上传的内容太大。", "What you sent is too large.");
  if (status === 429) return say("操作太频繁，请稍等片刻。", "Too many requests; wait a moment.");
  return say(
    "系统出错，没有保存，请稍后再试。",
    "Something went wrong and nothing was saved. Try again later.",
  );
}

function reloadButton(): HTMLButtonElement {
  const button = make("button", { type: "button", class: "btn btn-sm" }, say("刷新页面", "Reload"));
  button.addEventListener("click", () => location.reload());
  return button;
}

export function fail(status: number, body = ""): void {
  const stale = [401, 403, 409].includes(status);
  toast(failureText(status, body), "danger", ...(stale ? [reloadButton()] : []));
}

/** A GET for JSON of our own server; null, after telling the person, when it fails. */
export async function getJson<T>(url: string): Promise<T | null> {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (answer.ok) return (await answer.json()) as T;
    fail(answer.status);
  } catch {
    fail(0);
  }
  return null;
}

interface HtmxDetail {
  headers: Record<string, string>;
  verb: string;
  xhr: XMLHttpRequest;
  loaded: number;
  total: number;
  elt: HTMLElement;
}

function detail(event: Event): HtmxDetail {
  return (event as CustomEvent<HtmxDetail>).detail;
}

export function requests(): void {
  document.addEventListener("htmx:configRequest", (event) => {
    const { verb, headers } = detail(event);
    if (verb !== "get") headers["X-CSRFToken"] = meta("csrf-token");
  });
  document.addEventListener("htmx:sendError", () => fail(0));
  document.addEventListener("htmx:timeout", () => fail(0));
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = detail(event);
    const plain = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
    fail(xhr.status, plain ? xhr.responseText : "");
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const { loaded, total, elt } = detail(event);
    // a fragment that a field of the form fetches is not the form's upload
    const form = elt instanceof HTMLFormElement ? elt : null;
    const bar = form?.querySelector<HTMLProgressElement>("progress[data-upload]");
    if (bar && total) Object.assign(bar, { hidden: false, max: total, value: loaded });
  });
}

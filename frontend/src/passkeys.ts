import { each } from "./lib/dom";
import { say } from "./lib/text";

// Passkeys: the browser's own ceremony around an ordinary form with a hidden field `credential`.
// data-passkey is "create" or "get"; the server's options are in data-options or fetched from data-options-url.

type Json = { [key: string]: unknown };

/** Bytes as the server writes them: base64 for addresses, without padding. */
export function encode(bytes: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function decode(text: string): ArrayBuffer {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0)).buffer;
}

type Listed = { id: string; type: "public-key"; transports?: AuthenticatorTransport[] };

function named(list: Listed[] | undefined): PublicKeyCredentialDescriptor[] {
  return (list ?? []).map((entry) => ({ ...entry, id: decode(entry.id) }));
}

/** The server's options with the bytes that the browser wants. */
function creation(options: Json): PublicKeyCredentialCreationOptions {
  const given = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  return {
    ...given,
    challenge: decode(given.challenge),
    user: { ...given.user, id: decode(given.user.id) },
    excludeCredentials: named(given.excludeCredentials as Listed[] | undefined),
  } as PublicKeyCredentialCreationOptions;
}

export function request(options: Json): PublicKeyCredentialRequestOptions {
  const given = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  return {
    ...given,
    challenge: decode(given.challenge),
    allowCredentials: named(given.allowCredentials as Listed[] | undefined),
  } as PublicKeyCredentialRequestOptions;
}

/** A credential as the server reads it. */
export function written(credential: PublicKeyCredential): Json {
  const response: Json = { clientDataJSON: encode(credential.response.clientDataJSON) };
  if (credential.response instanceof AuthenticatorAttestationResponse) {
    response.attestationObject = encode(credential.response.attestationObject);
    response.transports = credential.response.getTransports();
  } else {
    const answer = credential.response as AuthenticatorAssertionResponse;
    response.authenticatorData = encode(answer.authenticatorData);
    response.signature = encode(answer.signature);
    if (answer.userHandle) response.userHandle = encode(answer.userHandle);
  }
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    response,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

/** A passkey belongs to a name; an address of numbers has none. */
function possible(): boolean {
  return "PublicKeyCredential" in window && isSecureContext && !/^[\d.:[\]]+$/.test(location.hostname);
}

async function options(form: HTMLFormElement): Promise<Json> {
  const { options: held, optionsUrl } = form.dataset;
  if (held) return (JSON.parse(held) as { publicKey: Json }).publicKey;
  const answer = await fetch(optionsUrl ?? "", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return ((await answer.json()) as { request_options: { publicKey: Json } }).request_options.publicKey;
}

async function ceremony(form: HTMLFormElement): Promise<PublicKeyCredential | null> {
  const given = await options(form);
  const made =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: creation(given) })
      : await navigator.credentials.get({ publicKey: request(given) });
  return made as PublicKeyCredential | null;
}

function why(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "InvalidStateError") {
    return say("这台设备已经添加过。", "This device has been added already.");
  }
  return name === "NotAllowedError"
    ? say(
        "没有完成，请再按一次，照浏览器的提示确认。",
        "Not finished. Press again and confirm as the browser asks.",
      )
    : say("没有成功，请再试一次，或换一种方式。", "That did not work. Try again, or choose another way.");
}

each<HTMLFormElement>("form[data-passkey]", (form) => {
  if (!possible()) {
    for (const note of document.querySelectorAll<HTMLElement>("[data-passkey-missing]")) note.hidden = false;
    for (const button of form.querySelectorAll<HTMLButtonElement>("button[type=submit]"))
      button.disabled = true;
    return;
  }
  form.hidden = false;
  const field = form.elements.namedItem("credential") as HTMLInputElement;
  const says = form.querySelector<HTMLElement>("[data-passkey-says]");
  let running = false;
  // Before the forms' own behaviour, which would lock the button of a form that does not go yet.
  form.addEventListener(
    "submit",
    async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (running) return;
      running = true;
      if (says) says.textContent = "";
      try {
        const credential = await ceremony(form);
        if (credential) {
          field.value = JSON.stringify(written(credential));
          form.submit();
        }
      } catch (error) {
        if (says) says.textContent = why(error);
      } finally {
        running = false;
      }
    },
    { capture: true },
  );
});

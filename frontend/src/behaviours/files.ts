import { on } from "../lib/dom";
import { say } from "../lib/text";

const MB = 1024 * 1024;

/** Says at once that a chosen file is too large; sent, it would break off long before an answer came. */
export function files(): void {
  on("change", "input[type=file][data-most-bytes]", (element) => {
    const input = element as HTMLInputElement;
    const most = Number(input.dataset.mostBytes);
    const large = [...(input.files ?? [])].find((file) => file.size > most);
    const size = large ? Math.ceil(large.size / MB).toLocaleString("en") : "";
    input.setCustomValidity(
      large
        ? say(
            `文件有 ${size} MB，最多 ${most / MB} MB。请分成几份，或只留要用的内容。`,
            `The file has ${size} MB, at most ${most / MB} MB are taken. Split it, or keep only what is needed.`,
          )
        : "",
    );
    input.reportValidity();
  });
}

/**
 * What a release leaves on a phone, for the test that the next one takes it over: `npm run release` keeps today's code
 * in tests/e2e/releases. It writes one report with a photo, as the app would, and lets a newer service worker take over.
 */
import { Records } from "../src/field/records";
import { serve } from "../src/field/updates";

const who: { user: string } = await (await fetch("/field/session")).json();
const records = await Records.open(who.user);
if ((await records.all()).length === 0) {
  const drawn = new OffscreenCanvas(800, 600);
  const pen = drawn.getContext("2d") as OffscreenCanvasRenderingContext2D;
  pen.fillStyle = "#46a05a";
  pen.fillRect(0, 0, 800, 600);
  const photo = await records.keepFile(await drawn.convertToBlob({ type: "image/jpeg" }), Date.now());
  await records.keep(
    {
      id: crypto.randomUUID(),
      kind: "report",
      form: "report-1",
      subject: null,
      title: "line R 1",
      payload: {
        description: "line R 1",
        matter: null,
        place: { area: document.body.dataset.area },
        photos: [photo.sha256],
      },
      files: [photo.sha256],
    },
    Date.now(),
  );
}
// The test lets it go on when the phone is opened the next time.
await serve("/field/sw.js", () => true);
document.title = "kept";

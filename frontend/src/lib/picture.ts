import { make } from "./dom";

/** Width and height in pixels that fit `longest`, same shape, never enlarged. */
export function scaled(width: number, height: number, longest: number): [number, number] {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

export function jpegName(name: string): string {
  return `${name.replace(/\.[^.]*$/, "") || "photo"}.jpg`;
}

/** Draws a picture anew as JPEG of at most `longest` pixels a side: what the camera wrote beside it, its position too,
 * is gone. Nothing for a format that this browser cannot draw. */
export async function redrawn(file: File, longest: number, quality: number): Promise<File | undefined> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return undefined;
  }
  const [width, height] = scaled(bitmap.width, bitmap.height, longest);
  const canvas = make("canvas", { width: String(width), height: String(height) });
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
  return blob ? new File([blob], jpegName(file.name), { type: "image/jpeg" }) : undefined;
}

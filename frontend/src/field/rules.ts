/** What the phone decides by itself; the server decides again. Pure. */
import type { Case, Matter, Place, Question, Spot } from "./shapes";

export const LONGEST_WORDS = 2000;
export const LONGEST_LINE = 200;
export const LONGEST_ADDRESS = 200;
export const LONGEST_NOTE = 300;
export const LONGEST_NAME = 40;
export const LONGEST_MINUTES = 4000;
export const MOST_PEOPLE = 9999;
export const MOST_RECORDINGS = 3;
export const LONGEST_ENTRY = 1000;
export const MOST_PHOTOS = 6;
const FREQUENT = 10;

export interface ReportForm {
  id: string;
  photos: string[];
  /** Hashes of recordings; absent in drafts of earlier releases. */
  voice?: string[];
  matter: string | null;
  spot: Spot | null;
  /** Where exactly, beside the chosen place. */
  detail: string;
  words: string;
  danger: boolean;
  settled: boolean;
  condition: string | null;
  proof: string[];
  note: string;
}

/** What is wrong with a report: fields by name. */
export type Fault = "say" | "words" | "spot" | "address" | "matter" | "condition" | "proof" | "note";

export function faultsOf(form: ReportForm, matter: Matter | undefined): Fault[] {
  const faults: Fault[] = [];
  if (!form.words.trim() && !form.photos.length && !form.voice?.length) faults.push("say");
  if (form.words.length > LONGEST_WORDS) faults.push("words");
  if (!form.spot) faults.push("spot");
  else if (addressOf(form.spot, form.detail).length > LONGEST_ADDRESS) faults.push("address");
  if (form.settled) {
    if (!matter) faults.push("matter");
    else if (!matter.conditions.some((condition) => condition.id === form.condition))
      faults.push("condition");
    if (!form.proof.length) faults.push("proof");
    if (form.note.length > LONGEST_WORDS) faults.push("note");
  }
  return faults;
}

export function addressOf(spot: Spot, detail: string): string {
  return [spot.address, detail.trim()].filter(Boolean).join(" ");
}

export interface CareForm {
  id: string;
  /** Somebody of the packet, or nobody of it: then the name. */
  resident: string | null;
  name: string;
  phone: string;
  spot: Spot | null;
  kind: string;
  asks: string;
  applicant: string;
  way: string;
  span: number;
}

export type CareFault = "spot" | "name" | "phone" | "kind" | "applicant" | "way" | "agreed";

/** What is missing of an application; without the consent there is none. */
export function careFaults(form: CareForm, agreed: boolean): CareFault[] {
  const faults: CareFault[] = [];
  if (!form.resident) {
    if (!form.spot?.dwelling) faults.push("spot");
    if (!form.name.trim()) faults.push("name");
    if (form.phone.trim() && !/^\+?\d{5,15}$/.test(form.phone.normalize("NFKC").replace(/[\s\-()（）]/g, "")))
      faults.push("phone");
  }
  for (const name of ["kind", "applicant", "way"] as const) if (!form[name]) faults.push(name);
  if (!agreed) faults.push("agreed");
  return faults;
}

/** Whether a question's answer may be sent; what is wrong is told by the name of the rule. */
export function faultOf(question: Question, value: unknown): "required" | "long" | null {
  const empty =
    value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
  if (question.required && empty) return "required";
  const most = question.type === "long_text" ? LONGEST_WORDS : LONGEST_LINE;
  const text = question.type === "text" || question.type === "long_text";
  return text && String(value ?? "").length > most ? "long" : null;
}

function dueMs(due: string | null): number {
  return due ? Date.parse(due) : Number.POSITIVE_INFINITY;
}

/** Most urgent first: what is overdue or nearest its deadline, the number settling ties. */
export function byUrgency(cases: Case[]): Case[] {
  return [...cases].sort((a, b) => dueMs(a.due) - dueMs(b.due) || a.number.localeCompare(b.number));
}

export function overdue(found: Case, nowMs: number): boolean {
  return found.light === "red" || (found.light !== "paused" && dueMs(found.due) < nowMs);
}

/** The ten most frequent first, then by the catalogue's order. */
function inOrder(matters: Matter[]): Matter[] {
  const rank = (matter: Matter) => matter.rank ?? Number.POSITIVE_INFINITY;
  return [...matters].sort(
    (a, b) => Math.sign(rank(a) - rank(b)) || a.position - b.position || a.code.localeCompare(b.code),
  );
}

export function frequent(matters: Matter[]): Matter[] {
  return inOrder(matters).slice(0, FREQUENT);
}

function holds(text: string, words: string): boolean {
  const low = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => low.includes(word));
}

export function mattersNamed(matters: Matter[], words: string, most = 20): Matter[] {
  const inName = matters.filter((matter) => holds(`${matter.name} ${matter.code}`, words));
  const inText = matters.filter((matter) => holds(`${matter.explain} ${matter.group}`, words));
  return [...new Set([...inOrder(inName), ...inOrder(inText)])].slice(0, most);
}

/** What a matter is easily confused with, by name where the catalogue gives codes. */
export function confusedWith(matter: Matter, matters: Matter[]): string {
  const names = new Map(matters.map((other) => [other.code, other.name]));
  const parts = matter.confuse.split(/[;；,，、]/).map((part) => part.trim());
  return parts
    .filter(Boolean)
    .map((part) => names.get(part) ?? part)
    .join("、");
}

export interface FoundPlace {
  place: Place;
  door: string;
  dwelling: string | null;
}

/** Places whose name, address or code holds the words, single doors where the words name one. */
export function placesNamed(places: Place[], words: string, most = 8): FoundPlace[] {
  const found: FoundPlace[] = [];
  for (const place of places) {
    if (found.length >= most) break;
    const text = `${place.name} ${place.address} ${place.code}`;
    if (holds(text, words)) found.push({ place, door: "", dwelling: null });
    else found.push(...doorsOf(place, words).slice(0, most - found.length));
  }
  return found;
}

/** Single doors whose house and sign hold the words. */
export function doorsNamed(places: Place[], words: string, most = 8): FoundPlace[] {
  return places.flatMap((place) => doorsOf(place, words).filter((found) => found.dwelling)).slice(0, most);
}

function doorsOf(place: Place, words: string): FoundPlace[] {
  const text = `${place.name} ${place.address} ${place.code}`;
  const all = place.doors.map((door, at) => ({ place, door, dwelling: place.dwellings?.[at] ?? null }));
  return all.filter(({ door }) => holds(`${text} ${door}`, words));
}

export function spotOf({ place, door, dwelling }: FoundPlace): Spot {
  const number = place.id.slice(1);
  const building = place.kind === "building";
  return {
    facility: building ? null : number,
    building: building ? number : null,
    area: place.area,
    lon: place.lon,
    lat: place.lat,
    address: [place.address || place.name, door].filter(Boolean).join(" "),
    dwelling,
  };
}

/** The code in a label: the end of our own address, or the bare code. */
export function codeIn(text: string): string {
  const match = /\/[fq]\/([0-9A-Za-z-]+)\/?(?:[?#].*)?$/.exec(text.trim());
  return match?.[1] ?? text.trim();
}

/** The last places used, newest first, each once. */
export function remembered(spots: Spot[], spot: Spot, most = 5): Spot[] {
  return [spot, ...spots.filter((other) => other.address !== spot.address)].slice(0, most);
}

const PHONE = /(?<![\dXx])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/;
const EIGHTEEN = /(?<!\d)\d{17}[\dXx](?!\d)/g;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Whether a mobile phone's or an identity number stands in the words; a facility's code also has 18 digits, but no such check digit (GB 11643). */
export function holdsNumberOfAPerson(text: string): boolean {
  const checked = (found: string) => {
    const sum = WEIGHTS.reduce((all, weight, at) => all + weight * Number(found[at]), 0);
    return "10X98765432"[sum % 11] === found[17]?.toUpperCase();
  };
  return PHONE.test(text) || [...text.matchAll(EIGHTEEN)].some(([found]) => checked(found));
}

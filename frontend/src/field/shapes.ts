/** What the server tells the phone (docs/offline.md). Identifiers are texts. */
export interface Me {
  id: "me";
  user: string;
  name: string;
  post: string;
  grids: { id: string; name: string; lon: number | null; lat: number | null }[];
  reports: boolean;
  standins: string[];
  /** In which the server counts days; absent in packets of earlier releases. */
  zone?: string;
}

export interface Question {
  key: string;
  type: string;
  name: string;
  required: boolean;
  choices: [value: string, label: string][] | null;
  default: string;
}

export interface Move {
  key: string;
  name: string;
  tone: string;
  ask: Question[];
}

export interface Case {
  id: string;
  number: string;
  matter: string;
  condition: string;
  description: string;
  address: string;
  state: string;
  state_name: string;
  owner: string;
  due: string | null;
  light: string;
  mine: boolean;
  revision: number;
  reported_at: string;
  last: string;
  moves: Move[];
}

export interface Condition {
  id: string;
  text: string;
  on_the_spot: boolean;
  emergency: boolean;
}

export interface Matter {
  id: string;
  code: string;
  name: string;
  group: string;
  explain: string;
  confuse: string;
  rank: number | null;
  position: number;
  conditions: Condition[];
}

export interface Place {
  id: string;
  kind: "building" | "facility";
  name: string;
  address: string;
  code: string;
  lon: number;
  lat: number;
  area: string;
  doors: string[];
  /** The ids of the doors, in their order; absent in packets of earlier releases. */
  dwellings?: string[];
}

export interface Notice {
  id: string;
  text: string;
  at: string;
  case: string | null;
  urgent: boolean;
}

/** A visit that is due; nobody's name. */
export interface Visit {
  id: string;
  name: string;
  address: string;
  due: string;
  left: number;
  overdue: boolean;
  absent_today: boolean;
  bring: string;
  check: string[];
  /** Its place in walking order. */
  order: number;
  household: string;
}

/** Who asked for a visit of today, for the purpose that is named. */
export interface Household {
  id: string;
  address: string;
  people: { id: string; name: string; phone: string }[];
  purpose: string;
  /** Absent in packets of earlier releases. */
  dwelling?: string;
}

/** What care can be asked for, under the name of the text that is agreed to first. */
export interface Care {
  id: string;
  title: string;
  body: string;
  kinds: [value: string, label: string][];
  applicants: [value: string, label: string][];
  ways: [value: string, label: string][];
  /** Days. */
  spans: number[];
}

export interface Shift {
  id: string;
  name: string;
  place: string;
  day: string;
  begins: string;
  ends: string;
  state: "planned" | "begun" | "ended";
  instead: boolean;
}

/** A meeting of the week before or to come; `items` are what it left for me to see to. */
export interface Meeting {
  id: string;
  kind: string;
  title: string;
  place: string;
  starts_at: string;
  invitation: string;
  came: number | null;
  minutes: string;
  version: number;
  items: { id: string; text: string; due: string }[];
}

/** Whom to call back about a case that waits for it, by the case's id. */
export interface Contact {
  id: string;
  name: string;
  phone: string;
  purpose: string;
}

/** All that the phone holds, by kind. */
export interface Kinds {
  me: Me;
  cases: Case;
  contacts: Contact;
  matters: Matter;
  places: Place;
  notices: Notice;
  visits: Visit;
  households: Household;
  shifts: Shift;
  care: Care;
  meetings: Meeting;
}

export type Kind = keyof Kinds;
export const KINDS: Kind[] = [
  "me",
  "cases",
  "contacts",
  "matters",
  "places",
  "notices",
  "visits",
  "households",
  "shifts",
  "care",
  "meetings",
];

/** Where something is: from the packet, from a code, or a point of the map; never where a person is. */
export interface Spot {
  facility: string | null;
  building: string | null;
  area: string | null;
  lon: number | null;
  lat: number | null;
  address: string;
  /** The dwelling behind a door; stays on the phone except where care is asked for. */
  dwelling?: string | null;
}

export interface FileMark {
  sha256: string;
  size: number;
  type: string;
}

/** By field: from which text a correction was made, the person's, and what somebody else made of it meanwhile. */
export type Differs = Record<string, { base: string; mine: string; theirs: string }>;

export interface Receipt {
  id: string;
  sha256: string;
  files: Record<string, "whole" | "missing">;
  state: "waiting" | "done" | "refused" | "differs";
  result: { case?: string; number?: string } | null;
  problem: Record<string, string> | null;
  differs: Differs | null;
}

export interface Answer {
  records: { id: string; answer: "kept" | "conflict" | "malformed"; problem: string | null }[];
  receipts: Receipt[];
  changes: Partial<Record<string, { id: string }[]>>;
  gone: Partial<Record<string, string[]>>;
  cursor: string | null;
  more: boolean;
  later_s: number | null;
  /** The server does not know the cursor any more: what was held is forgotten first. */
  fresh?: boolean;
}

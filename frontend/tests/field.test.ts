import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { expired } from "../src/field/lock";
import { about, leaves } from "../src/field/records";
import {
  byUrgency,
  type CareForm,
  careFaults,
  codeIn,
  confusedWith,
  doorsNamed,
  faultOf,
  faultsOf,
  frequent,
  mattersNamed,
  overdue,
  placesNamed,
  type ReportForm,
  remembered,
  spotOf,
} from "../src/field/rules";
import { correction } from "../src/field/screens/adding";
import { decision } from "../src/field/screens/differing";
import { sealJson, sha256, unsealJson, unwrap, wrapNew } from "../src/field/sealing";
import type { Case, Matter, Place, Question, Receipt, Spot } from "../src/field/shapes";
import { missing, pauseMs } from "../src/field/sync";
import { dated, dayOf } from "../src/field/zone";
import { iconNames } from "../tools/sprite";

const SPOT: Spot = { facility: null, building: "7", area: "3", lon: 113.2, lat: 23.1, address: "南田路8号" };
const FORM: ReportForm = {
  id: "a",
  photos: ["f00d"],
  matter: "1",
  spot: SPOT,
  detail: "",
  words: "",
  danger: false,
  settled: false,
  condition: null,
  proof: [],
  note: "",
};
const MATTER: Matter = {
  id: "1",
  code: "06010",
  name: "暴露垃圾",
  group: "环境卫生",
  explain: "路面上没有收走的垃圾",
  confuse: "积存渣土",
  rank: 2,
  position: 10,
  conditions: [{ id: "11", text: "网格内可当场清理", on_the_spot: true, emergency: false }],
};
const PLACE: Place = {
  id: "b7",
  kind: "building",
  name: "2栋",
  address: "南田路8号2栋",
  code: "",
  lon: 113.2,
  lat: 23.1,
  area: "3",
  doors: ["1单元301", "1单元302"],
  dwellings: ["31", "32"],
};

test("a report needs something said and a place", () => {
  expect(faultsOf(FORM, undefined)).toEqual([]);
  expect(faultsOf({ ...FORM, photos: [], spot: null }, undefined)).toEqual(["say", "spot"]);
  expect(faultsOf({ ...FORM, photos: [], words: "积水" }, undefined)).toEqual([]);
  expect(faultsOf({ ...FORM, words: "长".repeat(2001) }, undefined)).toEqual(["words"]);
  expect(
    faultsOf({ ...FORM, spot: { ...SPOT, address: "路".repeat(195) }, detail: "三楼楼道门口" }, undefined),
  ).toEqual(["address"]);
});

test("what was settled on the spot needs its matter, a condition of it and a proof", () => {
  const settled = { ...FORM, settled: true };
  expect(faultsOf(settled, undefined)).toEqual(["matter", "proof"]);
  expect(faultsOf({ ...settled, condition: "99" }, MATTER)).toEqual(["condition", "proof"]);
  expect(faultsOf({ ...settled, condition: "11", proof: ["f00d"] }, MATTER)).toEqual([]);
});

test("a question that must be answered is, and none is longer than the server takes", () => {
  const note: Question = { key: "note", type: "text", name: "", required: true, choices: null, default: "" };
  expect(faultOf(note, null)).toBe("required");
  expect(faultOf(note, "路".repeat(201))).toBe("long");
  expect(faultOf({ ...note, type: "photos" }, [])).toBe("required");
  expect(faultOf({ ...note, required: false }, "")).toBe(null);
});

test("the case nearest its deadline stands first, one without a deadline last", () => {
  const made = (id: string, due: string | null) => ({ id, number: id, due, light: "green" }) as Case;
  const cases = [made("c", null), made("a", "2026-11-24T01:00:00Z"), made("b", "2026-11-23T01:00:00Z")];
  expect(byUrgency(cases).map((found) => found.id)).toEqual(["b", "a", "c"]);
  const now = Date.parse("2026-11-23T12:00:00Z");
  expect(cases.map((found) => overdue(found, now))).toEqual([false, false, true]);
  expect(overdue({ ...made("d", "2026-11-23T01:00:00Z"), light: "paused" }, now)).toBe(false);
});

test("frequent matters come first and words find the others", () => {
  const matters = [
    { ...MATTER, id: "3", name: "井盖破损", code: "01001", explain: "", rank: null, position: 1 },
    MATTER,
    { ...MATTER, id: "2", name: "占道经营", code: "07001", explain: "", group: "街面秩序", rank: 1 },
  ];
  expect(frequent(matters).map((matter) => matter.id)).toEqual(["2", "1", "3"]);
  expect(mattersNamed(matters, "井盖").map((matter) => matter.id)).toEqual(["3"]);
  expect(mattersNamed(matters, "没有收走").map((matter) => matter.id)).toEqual(["1"]);
  expect(confusedWith({ ...MATTER, confuse: "07001;99999" }, matters)).toBe("占道经营、99999");
  expect(mattersNamed(matters, "06010").map((matter) => matter.id)).toEqual(["1"]);
});

test("words find a building, and more words one door of it", () => {
  expect(placesNamed([PLACE], "南田路")).toEqual([{ place: PLACE, door: "", dwelling: null }]);
  const one = { place: PLACE, door: "1单元302", dwelling: "32" };
  expect(placesNamed([PLACE], "南田路 302")).toEqual([one]);
  expect(placesNamed([PLACE], "没有这里")).toEqual([]);
  expect(spotOf(one)).toEqual({ ...SPOT, address: "南田路8号2栋 1单元302", dwelling: "32" });
  expect(doorsNamed([PLACE], "南田路").map((found) => found.door)).toEqual(["1单元301", "1单元302"]);
  expect(doorsNamed([{ ...PLACE, dwellings: undefined }], "南田路")).toEqual([]);
});

test("care is asked for by somebody, for something, and with their consent", () => {
  const asked: CareForm = {
    id: "a",
    resident: null,
    name: "李秀兰",
    phone: "138 0000 1234",
    spot: { ...SPOT, dwelling: "32" },
    kind: "other",
    asks: "",
    applicant: "self",
    way: "spoken",
    span: 182,
  };
  expect(careFaults(asked, true)).toEqual([]);
  expect(careFaults(asked, false)).toEqual(["agreed"]);
  expect(careFaults({ ...asked, spot: SPOT, name: " ", phone: "12" }, true)).toEqual([
    "spot",
    "name",
    "phone",
  ]);
  const known = { ...asked, resident: "7", spot: null, name: "", kind: "", applicant: "", way: "" };
  expect(careFaults(known, true)).toEqual(["kind", "applicant", "way"]);
});

test("a label is read as our address or as the bare code", () => {
  expect(codeIn("https://grid.example/f/44010501011200001")).toBe("44010501011200001");
  expect(codeIn("https://grid.example/q/440105008101005/")).toBe("440105008101005");
  expect(codeIn(" 44010501011200001 ")).toBe("44010501011200001");
});

test("places used last are held newest first, each once, five at most", () => {
  const at = (address: string): Spot => ({ ...SPOT, address });
  const held = ["a", "b", "c", "d", "e"].map(at);
  expect(remembered(held, at("c")).map((spot) => spot.address)).toEqual(["c", "a", "b", "d", "e"]);
  expect(remembered(held, at("f")).map((spot) => spot.address)).toEqual(["f", "a", "b", "c", "d"]);
});

test("a record leaves only by a later receipt that names its hash and has all files whole", () => {
  const row = { sha256: "abc", files: [{ sha256: "f1", size: 1, type: "image/jpeg" }], keptIn: 4 };
  const done: Receipt = {
    id: "1",
    sha256: "abc",
    files: { f1: "whole" },
    state: "done",
    result: null,
    problem: null,
    differs: null,
  };
  expect(leaves(row, done, 5)).toBe(true);
  expect(leaves(row, done, 4), "the request that brought it").toBe(false);
  expect(leaves({ ...row, keptIn: null }, done, 5), "never said to be kept").toBe(false);
  expect(leaves(row, { ...done, sha256: "abd" }, 5)).toBe(false);
  expect(leaves(row, { ...done, files: { f1: "missing" } }, 5)).toBe(false);
  expect(leaves(row, { ...done, files: {} }, 5)).toBe(false);
  expect(leaves(row, { ...done, state: "refused" }, 5)).toBe(false);
  expect(leaves(row, { ...done, state: "waiting" }, 5)).toBe(false);
});

test("only the missing pieces of a file go, none longer than a chunk", () => {
  const chunk = 256 * 1024;
  expect(missing([], chunk + 10)).toEqual([
    [0, chunk],
    [chunk, chunk + 10],
  ]);
  expect(missing([[5, 10]], 20)).toEqual([
    [0, 5],
    [10, 20],
  ]);
  expect(
    missing(
      [
        [10, 20],
        [0, 12],
      ],
      20,
    ),
  ).toEqual([]);
});

test("the pause after failures doubles, ends at a quarter of an hour, and heeds the server", () => {
  expect(pauseMs(1, 0.5)).toBe(5_000);
  expect(pauseMs(3, 0.5)).toBe(20_000);
  expect(pauseMs(50, 0.99)).toBeLessThan(15 * 60_000);
  expect(pauseMs(1, 0.5, 90)).toBe(90_000);
  expect(pauseMs(2, 0)).toBeLessThan(pauseMs(2, 1));
});

test("the packet lives a day, and no longer by turning the clock back", () => {
  const day = 24 * 3600 * 1000;
  expect(expired(0, day)).toBe(false);
  expect(expired(0, day + 1)).toBe(true);
  expect(expired(3_600_000, 0)).toBe(true);
});

test("the right PIN alone opens the packet's key, and the key cannot be taken out", async () => {
  const device = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  const [wrapped, key] = await wrapNew("135790", device, 1000);
  const box = await sealJson(key, { street: "南田路" });
  expect(await unwrap("135791", device, wrapped)).toBeUndefined();
  const again = await unwrap("135790", device, wrapped);
  if (!again) throw new Error("the right PIN opens");
  expect(await unsealJson(again, box)).toEqual({ street: "南田路" });
  expect(key.extractable || again.extractable).toBe(false);
  expect(Object.keys(box)).toEqual(["iv", "data"]);
});

test("a hash is that of the bytes", async () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect(await sha256(new TextEncoder().encode("abc"))).toBe(abc);
});

test("a correction names only the fields that were changed, each with the text it was made from", () => {
  const found = { address: "南田路8号", description: "灯不亮" };
  expect(correction(found, { address: "南田路8号 ", description: "灯不亮" })).toEqual({});
  expect(correction(found, { address: "南田路8号", description: " 三楼的灯不亮" })).toEqual({
    description: { base: "灯不亮", mine: "三楼的灯不亮" },
  });
});

test("a decision starts from what stands now and leaves alone what stays", () => {
  const differs = {
    address: { base: "8号", mine: "8号后门", theirs: "8号前门" },
    description: { base: "灯不亮", mine: "三楼的灯", theirs: "四楼的灯" },
  };
  const chosen = new Map<string, "mine" | "theirs">([
    ["address", "mine"],
    ["description", "theirs"],
  ]);
  expect(decision("r1", differs, chosen)).toEqual({
    fields: { address: { base: "8号前门", mine: "8号后门" } },
    replaces: "r1",
  });
});

test("days and hours are the district's, whatever zone the phone is set to", () => {
  const late = "2026-11-22T16:05:00Z";
  expect(dayOf(new Date(late), "Asia/Shanghai")).toBe("2026-11-23");
  expect(dated(late, "Asia/Shanghai")).toBe("2026-11-23 00:05");
  expect(dated(late, "America/Los_Angeles")).toBe("2026-11-22 08:05");
});

test("every sign that a screen names is in the sprite", () => {
  const files = readdirSync("src/field", { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const text = files.map((name) => readFileSync(`src/field/${name}`, "utf8")).join("\n");
  const named = [...text.matchAll(/\b(?:icon: |icon\(|mark\([^,()]+, )"([a-z0-9-]+)"/g)].map(
    (found) => found[1],
  );
  const there = new Set(iconNames("icons.txt"));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !there.has(name ?? ""))).toEqual([]);
});

test("a visit and a case of the same number are not the same thing", () => {
  expect(about({ kind: "note", subject: "1" }, "case", "1")).toBe(true);
  expect(about({ kind: "visit", subject: "1" }, "case", "1")).toBe(false);
  expect(about({ kind: "shift", subject: "1" }, "visit", "1")).toBe(false);
  expect(about({ kind: "report", subject: null }, "case")).toBe(false);
});

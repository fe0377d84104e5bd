// src/field/sealing.ts
const AES = {
	name: "AES-GCM",
	length: 256
};
const USES = ["encrypt", "decrypt"];
function random(bytes) {
	return crypto.getRandomValues(new Uint8Array(bytes));
}
/** A key that never leaves the browser's own store. */
function deviceKey() {
	return crypto.subtle.generateKey(AES, false, USES);
}
async function seal(key, data) {
	const iv = random(12);
	return {
		iv,
		data: await crypto.subtle.encrypt({
			name: "AES-GCM",
			iv
		}, key, data)
	};
}
function unseal(key, box) {
	return crypto.subtle.decrypt({
		name: "AES-GCM",
		iv: box.iv
	}, key, box.data);
}
async function sealJson(key, value) {
	return seal(key, new TextEncoder().encode(JSON.stringify(value)));
}
async function unsealJson(key, box) {
	return JSON.parse(new TextDecoder().decode(await unseal(key, box)));
}
/** SHA-256 in hex. */
async function sha256(data) {
	return [...new Uint8Array(await crypto.subtle.digest("SHA-256", data))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
// src/behaviours/leaving.ts
/** The database of what the field app downloaded, with its keys. */
const PACKET = "wangge-field-packet";
// src/field/store.ts
/**
* Two databases of the browser, because their lives differ. The packet (what was downloaded) is thrown away whole on
* sign-out, revocation, five wrong PINs or after a day; what the person wrote and has not sent never is.
*/
const UNSENT = "wangge-field-unsent";
const STORES = {
	[PACKET]: ["lock", "kinds"],
	[UNSENT]: [
		"device",
		"records",
		"files",
		"drafts"
	]
};
/** The phone has no room left: nothing was written, the form is still there. */
var Full = class extends Error {};
function done(request) {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});
}
var Store = class {
	name;
	opened;
	constructor(name) {
		this.name = name;
	}
	open() {
		this.opened ??= new Promise((resolve, reject) => {
			const request = indexedDB.open(this.name, 1);
			request.onupgradeneeded = () => {
				for (const store of STORES[this.name] ?? []) if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store);
			};
			request.onsuccess = () => {
				request.result.onversionchange = () => {
					request.result.close();
					this.opened = void 0;
				};
				resolve(request.result);
			};
			request.onerror = () => reject(request.error);
		});
		return this.opened;
	}
	async get(store, key) {
		return done((await this.open()).transaction(store).objectStore(store).get(key));
	}
	async all(store) {
		return done((await this.open()).transaction(store).objectStore(store).getAll());
	}
	/** Keys of a store. */
	async keys(store) {
		return (await done((await this.open()).transaction(store).objectStore(store).getAllKeys())).map(String);
	}
	/** Writes and deletes (`undefined`) together or not at all, and only answers once it is on the disk. */
	async write(changes) {
		const db = await this.open();
		const names = [...new Set(changes.map(([store]) => store))];
		await new Promise((resolve, reject) => {
			const transaction = db.transaction(names, "readwrite", { durability: "strict" });
			transaction.oncomplete = () => resolve();
			transaction.onabort = () => {
				reject(transaction.error?.name === "QuotaExceededError" ? new Full("no room") : transaction.error);
			};
			for (const [store, key, value] of changes) {
				const held = transaction.objectStore(store);
				if (value === void 0) held.delete(key);
				else held.put(value, key);
			}
		});
	}
	/** Deletes the whole database with all keys in it. */
	async destroy() {
		(await this.opened?.catch(() => void 0))?.close();
		this.opened = void 0;
		await done(indexedDB.deleteDatabase(this.name));
	}
};
new Store(PACKET);
const unsentStore = new Store(UNSENT);
// src/field/records.ts
/**
* What the person did and the server has not finished with. A record is closed when it is kept: its bytes never change
* again, and it leaves the phone only by `settle` (a later receipt) or by the person's own hand.
*/
var Records = class Records {
	device;
	user;
	constructor(device, user) {
		this.device = device;
		this.user = user;
	}
	/** The records of one user on this phone; the phone's own key and id are made on the first opening. */
	static async open(user) {
		let device = await unsentStore.get("device", "device");
		if (!device) {
			device = {
				id: crypto.randomUUID(),
				key: await deviceKey(),
				requests: 0
			};
			await unsentStore.write([[
				"device",
				"device",
				device
			]]);
		}
		return new Records(device, user);
	}
	get deviceId() {
		return this.device.id;
	}
	/** A number for the next request, greater than all before. */
	async nextRequest() {
		this.device.requests += 1;
		await unsentStore.write([[
			"device",
			"device",
			this.device
		]]);
		return this.device.requests;
	}
	async rows() {
		return (await unsentStore.all("records")).filter((row) => row.user === this.user).sort((a, b) => a.madeMs - b.madeMs);
	}
	async all() {
		const rows = await this.rows();
		return Promise.all(rows.map(async ({ payload: _sealed, ...row }) => ({
			...row,
			title: await unsealJson(this.device.key, row.title)
		})));
	}
	/** The exact text that was or will be sent. */
	async payload(id) {
		const row = await unsentStore.get("records", id);
		if (!row) throw new Error(`no record ${id}`);
		return new TextDecoder().decode(await unseal(this.device.key, row.payload));
	}
	/** Keeps a record for ever, with its place behind the last one of the same subject. */
	async keep(record, nowMs) {
		const text = new TextEncoder().encode(JSON.stringify(record.payload));
		const rows = await this.rows();
		const before = rows.filter((row) => record.subject && row.subject === record.subject);
		const files = await Promise.all([...new Set(record.files)].map((sha) => this.mark(sha)));
		const row = {
			id: record.id,
			user: this.user,
			kind: record.kind,
			form: record.form,
			subject: record.subject,
			after: before.at(-1)?.id ?? null,
			madeMs: Math.max(nowMs, (rows.at(-1)?.madeMs ?? 0) + 1),
			sha256: await sha256(text),
			files,
			state: "unsent",
			keptIn: null,
			problem: null,
			result: null,
			title: await sealJson(this.device.key, record.title),
			payload: await seal(this.device.key, text)
		};
		await unsentStore.write([[
			"records",
			row.id,
			row
		]]);
	}
	async mark(sha) {
		const file = await unsentStore.get("files", sha);
		if (!file) throw new Error(`no file ${sha}`);
		return {
			sha256: sha,
			size: file.size,
			type: file.type
		};
	}
	/** Notes what a request answered about a record that it carried. */
	async answered(id, answer, problem, request) {
		const row = await unsentStore.get("records", id);
		if (!row) return;
		const state = answer === "kept" ? row.state === "unsent" ? "sent" : row.state : answer;
		const keptIn = answer === "kept" ? row.keptIn ?? request : row.keptIn;
		await unsentStore.write([[
			"records",
			id,
			{
				...row,
				state,
				keptIn,
				problem: problem ? { "": problem } : row.problem
			}
		]]);
	}
	/** Takes a receipt of the given request; deletes the record when it is done, its hashes are named, and the request
	* is a later one than that which first kept it. Tells whether the record has left. */
	async settle(receipt, request) {
		const row = await unsentStore.get("records", receipt.id);
		if (!row || row.sha256 !== receipt.sha256) return false;
		if (leaves(row, receipt, request)) {
			await this.remove(row);
			return true;
		}
		const state = standingAfter(row.state, receipt.state);
		const { problem, result } = receipt;
		const keptIn = row.keptIn ?? request;
		await unsentStore.write([[
			"records",
			row.id,
			{
				...row,
				state,
				keptIn,
				problem,
				result
			}
		]]);
		return false;
	}
	/** The person has seen a record that was not taken, and lets it go. */
	async drop(id) {
		const row = await unsentStore.get("records", id);
		if (row) await this.remove(row);
	}
	async remove(row) {
		const others = (await unsentStore.all("records")).filter((other) => other.id !== row.id);
		const used = new Set(others.flatMap((other) => other.files.map((file) => file.sha256)));
		const free = row.files.filter((file) => !used.has(file.sha256));
		await unsentStore.write([[
			"records",
			row.id,
			void 0
		], ...free.map((file) => [
			"files",
			file.sha256,
			void 0
		])]);
	}
	/** Keeps a photo under its hash. */
	async keepFile(blob, nowMs) {
		const data = await blob.arrayBuffer();
		const mark = {
			sha256: await sha256(data),
			size: blob.size,
			type: blob.type
		};
		const file = {
			...mark,
			user: this.user,
			madeMs: nowMs,
			box: await seal(this.device.key, data)
		};
		await unsentStore.write([[
			"files",
			mark.sha256,
			file
		]]);
		return mark;
	}
	async file(sha) {
		const file = await unsentStore.get("files", sha);
		return file && new Blob([await unseal(this.device.key, file.box)], { type: file.type });
	}
	async saveDraft(name, value, nowMs) {
		const box = await sealJson(this.device.key, {
			value,
			atMs: nowMs
		});
		await unsentStore.write([[
			"drafts",
			`${this.user}:${name}`,
			box
		]]);
	}
	async draft(name) {
		const box = await unsentStore.get("drafts", `${this.user}:${name}`);
		return box && unsealJson(this.device.key, box);
	}
	async dropDraft(name) {
		await unsentStore.write([[
			"drafts",
			`${this.user}:${name}`,
			void 0
		]]);
	}
	/** Throws away files that no record and no draft names. */
	async tidy(named) {
		const rows = await unsentStore.all("records");
		const used = /* @__PURE__ */ new Set([...named, ...rows.flatMap((row) => row.files.map((file) => file.sha256))]);
		const loose = (await unsentStore.all("files")).filter((file) => file.user === this.user && !used.has(file.sha256));
		if (loose.length) await unsentStore.write(loose.map((file) => [
			"files",
			file.sha256,
			void 0
		]));
	}
	/** Everything of this user that has not been taken, readable: for a file to carry elsewhere. */
	async exported() {
		const rows = await this.rows();
		const files = [...new Set(rows.flatMap((row) => row.files.map((file) => file.sha256)))];
		return {
			app: "wangge-field",
			device: this.device.id,
			user: this.user,
			records: await Promise.all(rows.map(async (row) => ({
				id: row.id,
				kind: row.kind,
				form: row.form,
				subject: row.subject,
				after: row.after,
				sha256: row.sha256,
				state: row.state,
				files: row.files,
				payload: await this.payload(row.id)
			}))),
			files: Object.fromEntries(await Promise.all(files.map(async (sha) => [sha, await this.base64(sha)])))
		};
	}
	async base64(sha) {
		const bytes = new Uint8Array(await (await this.file(sha))?.arrayBuffer() ?? /* @__PURE__ */ new ArrayBuffer());
		const parts = [];
		for (let at = 0; at < bytes.length; at += 32768) parts.push(String.fromCharCode(...bytes.subarray(at, at + 32768)));
		return btoa(parts.join(""));
	}
};
/** What a record is after a receipt that leaves it here. */
function standingAfter(state, told) {
	if (told === "refused") return told;
	return state === "unsent" ? "sent" : state;
}
/** Whether a receipt of this request lets the record leave the phone. */
function leaves(row, receipt, request) {
	const whole = row.files.every((file) => receipt.files[file.sha256] === "whole");
	const later = row.keptIn !== null && request > row.keptIn;
	return receipt.state === "done" && receipt.sha256 === row.sha256 && whole && later;
}
// src/field/updates.ts
/** The service worker: there from the first opening on, and a newer build takes over while the app is locked, so that nobody loses their place. */
const LOOK_EVERY_MS = 36e5;
async function serve(address, free) {
	if (!("serviceWorker" in navigator) || !address) return;
	const had = Boolean(navigator.serviceWorker.controller);
	let reloading = false;
	navigator.serviceWorker.addEventListener("controllerchange", () => {
		if (!had || reloading) return;
		reloading = true;
		location.reload();
	});
	const registered = await navigator.serviceWorker.register(address, { scope: "/field/" });
	const takeOver = () => {
		if (registered.waiting && free()) registered.waiting.postMessage("take over");
	};
	registered.addEventListener("updatefound", () => {
		registered.installing?.addEventListener("statechange", takeOver);
	});
	document.addEventListener("visibilitychange", takeOver);
	takeOver();
	setInterval(() => void registered.update().catch(() => void 0), LOOK_EVERY_MS);
}
// tests/release.ts
/**
* What a release leaves on a phone, for the test that the next one takes it over: `npm run release` keeps today's code
* in tests/e2e/releases. It writes one report with a photo, as the app would, and lets a newer service worker take over.
*/
const who = await (await fetch("/field/session")).json();
const records = await Records.open(who.user);
if ((await records.all()).length === 0) {
	const drawn = new OffscreenCanvas(800, 600);
	const pen = drawn.getContext("2d");
	pen.fillStyle = "#46a05a";
	pen.fillRect(0, 0, 800, 600);
	const photo = await records.keepFile(await drawn.convertToBlob({ type: "image/jpeg" }), Date.now());
	await records.keep({
		id: crypto.randomUUID(),
		kind: "report",
		form: "report-1",
		subject: null,
		title: "line R 1",
		payload: {
			description: "line R 1",
			matter: null,
			place: { area: document.body.dataset.area },
			photos: [photo.sha256]
		},
		files: [photo.sha256]
	}, Date.now());
}
await serve("/field/sw.js", () => true);
document.title = "kept";

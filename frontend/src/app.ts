import "./styles/tabler.scss";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/media.css";
import "./styles/desk.css";
import "./styles/admin.css";
import "./styles/portal.css";
import "./styles/cases.css";
import "./styles/case.css";
import "./styles/resident.css";
import { dialogs } from "./behaviours/dialogs";
import { forms } from "./behaviours/forms";
import { keys } from "./behaviours/keys";
import { page } from "./behaviours/page";
import { pickers } from "./behaviours/pickers";
import { requests } from "./behaviours/requests";
import { times } from "./behaviours/times";
import { each } from "./lib/dom";

// dialogs first: a form that asks for confirmation must not be locked before the answer
dialogs();
forms();
keys();
page();
pickers();
requests();
times();
each("[data-photos]", () => void import("./photos"));
each("[data-map]", () => void import("./map"));

"""What axe finds on a page that stands open: in light and dark, and on an English phone."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page

from tools.browser import DESK, PHONE
from tools.environment import REPO

AXE = REPO / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_FAULTS = """async (rules) => {
  const options = rules.length ? {runOnly: rules} : {resultTypes: ["violations"]};
  const {violations} = await axe.run(document, options);
  return violations.filter((fault) => ["serious", "critical"].includes(fault.impact)).flatMap((fault) =>
    fault.nodes.map((node) => `${fault.id}: ${node.target.join(" ")} (${node.any.map((one) => one.message)[0] || fault.help})`));
}"""
_COLOURS = ("color-contrast", "link-in-text-block")
# What words can spoil: names of things, language, headings. Colours are the same in every language.
_WORDS = ("cat.name-role-value", "cat.language", "cat.text-alternatives", "cat.forms", "cat.aria")
# A link that follows its whole row must not follow the whole page, nor lie over what else stands in the row.
_COVERED = """() => {
  const told = (fault, node) => `${fault}: ${node.outerHTML.slice(0, 80)}`;
  const wide = [...document.querySelectorAll("a")].filter((link) => {
    const under = getComputedStyle(link, "::after");
    return under.position === "absolute" && parseFloat(under.height) > innerHeight / 2;
  });
  // Rows of one table are alike.
  const rows = [...document.querySelectorAll("tbody")].flatMap((body) =>
    [...body.rows].filter((row) => row.querySelector(".row-link")).slice(0, 2));
  const controls = rows.flatMap((row) => [...row.querySelectorAll("a, button, input, select, summary")]);
  const out = controls.filter((control) => control.checkVisibility()).filter((control) => {
    control.scrollIntoView({block: "center"});
    const {x, y, width, height} = control.getBoundingClientRect();
    const row = document.elementFromPoint(x + width / 2, y + height / 2)?.closest(".row-link");
    return row && row !== control && !control.contains(row);
  });
  scrollTo(0, 0);
  return [...wide.map((link) => told("covers the page", link)), ...out.map((control) => told("out of reach", control))];
}"""
_SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"


@dataclass
class Looks:
    """Faults that are serious or critical, by way of looking; each names its page."""

    light: list[str] = field(default_factory=list)
    dark: list[str] = field(default_factory=list)
    english: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)

    def at_desk(self, page: Page, name: str) -> None:
        """In light, all that axe knows; in dark, whether it can be read."""
        self.light += [*_faults(page, name), *(f"{name} {fault}" for fault in page.evaluate(_COVERED))]
        # Reduced motion: colours change at once.
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self.dark += _faults(page, name, *_COLOURS)
        page.emulate_media(color_scheme="light")

    def on_english_phone(self, page: Page, name: str) -> None:
        page.set_viewport_size(PHONE)
        self.english += _faults(page, name, *_WORDS)
        self.sideways += [name] * page.evaluate(_SIDEWAYS)
        page.set_viewport_size(DESK)

    def all(self) -> list[str]:
        wide = (f"{name} scrolls sideways" for name in self.sideways)
        return [*self.light, *self.dark, *self.english, *wide]


def bring(context: BrowserContext) -> None:
    """Every page opened from now on holds axe; their policy, which allows own scripts only, stays on."""
    context.add_init_script(path=AXE)


def _faults(page: Page, name: str, *rules: str) -> list[str]:
    return [f"{name} {fault}" for fault in page.evaluate(_FAULTS, list(rules))]

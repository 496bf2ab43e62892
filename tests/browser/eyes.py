"""What every page is held to: axe finds nothing, nothing is wider than a phone, the keyboard's place is seen, the console is silent."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

from tests.browser.house import DESK, PHONE

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RUN = """async () => {
  await Promise.all(document.getAnimations().filter(a => isFinite(a.effect.getComputedTiming().endTime)).map(a => a.finished.catch(() => 0)));
  const found = await axe.run(document, {resultTypes: ['violations'], elementRef: false});
  return found.violations.map(v => v.id + ' (' + v.impact + '): ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)
    + ' ' + (n.any[0] || n.all[0] || n.none[0] || {message: ''}).message.slice(0, 160)).join(' | '));
}"""
WIDE = """() => {
  const room = document.documentElement.clientWidth, over = document.documentElement.scrollWidth - room;
  if (over <= 0) return '';
  const parts = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > room + 1 && !e.closest('.visually-hidden'));
  return over + 'px: ' + parts.slice(-3).map(e => e.tagName + '.' + e.className).join(', ');
}"""

NOWHERE = "nothing: Tab leads nowhere"
# After a real press of Tab the browser shows where the keyboard is; one element of each sort is enough.
HIDDEN_FOCUS = """() => {
  const sorts = new Set(), hidden = [];
  const drawn = e => [e, e.closest('label'), e.nextElementSibling, e.parentElement].filter(Boolean).flatMap(x => [null, '::after'].map(part => {
    const s = getComputedStyle(x, part); return s.outlineStyle + s.outlineWidth + s.boxShadow; })).join();
  if (document.activeElement === document.body) hidden.push('NOWHERE');
  for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')) {
    const sort = e.tagName + '.' + e.className + '.' + (e.type || '');
    if (e.tabIndex > 0) hidden.push('tabindex ' + e.tabIndex + ': ' + sort);
    if (e.tabIndex < 0 || e.disabled || sorts.has(sort) || !e.checkVisibility({visibilityProperty: true})) continue;
    sorts.add(sort);
    document.activeElement.blur();
    const before = drawn(e);
    e.focus({preventScroll: true});
    if (document.activeElement === e && drawn(e) === before) hidden.push(sort.slice(0, 80));
  }
  document.activeElement.blur();
  return hidden;
}""".replace("NOWHERE", NOWHERE)


def shape_of(url: str) -> str:
    """The address without its ids and tokens: one shape, one page of the program."""
    path = re.sub(r"^https?://[^/]+", "", url).split("?")[0].split("#")[0]
    path = re.sub(r"^/(v|me|door|t)/[^/]+", r"/\1/TOKEN", path)
    return re.sub(r"^/board/[^/]+?(?=/|\.json|$)", "/board/POLL", re.sub(r"/\d+(?=/|$)", "/N", path))


@dataclass
class Eyes:
    """Looks at pages and keeps what was wrong, with how often each kind of page was seen."""

    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> Page:
        """From now on the page's console and scripts are listened to."""
        page.on("pageerror", lambda error: self.wrong.append(f"{shape_of(page.url)}: script error: {error}"))
        page.on("console", lambda said: self._hear(page, said.type, said.text))
        return page

    def _hear(self, page: Page, kind: str, words: str) -> None:
        # A page that is meant to answer 404 or 410 is reported by the browser's console as well.
        if kind == "error" and "the server responded with a status of 4" not in words:
            self.wrong.append(f"{shape_of(page.url)}: console: {words[:200]}")

    def look(self, page: Page, name: str = "") -> None:
        """Judges the page as it stands, at its width and at a phone's."""
        shape = f"{name or shape_of(page.url)} [{page.evaluate('document.documentElement.lang')}]"
        self.seen[shape] += 1
        page.evaluate(AXE)
        self.wrong += [f"{shape}: {words}" for words in page.evaluate(RUN)]
        self.wrong += [f"{shape}: the keyboard is not seen on {words}" for words in self._hidden_focus(page)]
        size = page.viewport_size
        if size != PHONE:
            page.set_viewport_size(PHONE)
        if over := page.evaluate(WIDE):
            self.wrong.append(f"{shape}: wider than a phone by {over}")
        if size and size != PHONE:
            page.set_viewport_size(size)

    def _hidden_focus(self, page: Page) -> list[str]:
        """A part that renews itself may be swapped in the very moment between the key and the look: then again."""
        for _again in range(5):
            page.keyboard.press("Tab")
            hidden = page.evaluate(HIDDEN_FOCUS)
            if NOWHERE not in hidden:
                break
        return hidden

    def report(self) -> str:
        """What was seen and what was wrong, each fault once."""
        faults = "\n".join(f"  {words}" for words in dict.fromkeys(self.wrong)) or "  none"
        return f"{len(self.seen)} pages seen, {sum(self.seen.values())} looks.\n  " + "\n  ".join(sorted(self.seen)) + f"\nViolations:\n{faults}"


__all__ = ["DESK", "PHONE", "Eyes", "shape_of"]

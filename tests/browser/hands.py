"""Two ways to steer a page: a pointer that clicks, and fingers that never leave the keyboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from playwright.sync_api import FilePayload, Locator, Page, expect

MOST_TABS = 260
"""A form of eight variants has some 200 stops, fourteen in two dates; more would hide its end."""

MOST_LOOKS = 20

HAS_FOCUS = "control => control === document.activeElement"
IS_IN_GROUP = "radio => document.activeElement.name === radio.name"
CHOSEN = "list => list.selectedOptions[0]?.text.trim()"
# A ring around the control, or around what stands for one that is drawn by its label.
SHOWS_FOCUS = """control => {
  const stands = [control, ...(control.labels ?? []), control.parentElement];
  return stands.filter(Boolean).some((element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  });
}"""
# Nothing that sticks to an edge lies over it; what is drawn by its label may lie under that.
IS_COVERED = """control => {
  const box = control.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const isPart = top && (control.contains(top) || top.contains(control) || top.closest("label"));
  return isPart ? "" : `${control.outerHTML.slice(0, 120)} under ${top?.outerHTML.slice(0, 120)}`;
}"""


class Hands(Protocol):
    """What somebody does on a page, whatever she does it with."""

    @property
    def page(self) -> Page: ...

    def go(self, section: str) -> None: ...

    def press(self, control: Locator) -> None: ...

    def follow(self, control: Locator) -> None:
        """Press what leads to another page, and wait for that."""
        ...

    def write(self, field: Locator, words: str) -> None: ...

    def tick(self, box: Locator) -> None: ...

    def pick(self, radio: Locator) -> None: ...

    def choose(self, listed: Locator, words: str) -> None: ...

    def give(self, field: Locator, files: Sequence[FilePayload]) -> None: ...


@dataclass(frozen=True, slots=True)
class Pointer:
    page: Page

    def go(self, section: str) -> None:
        sheet = self.page.get_by_role("button", name="Sections")
        if sheet.is_visible():
            sheet.click()
        sections = self.page.get_by_role("navigation", name="Sections")
        self.follow(sections.get_by_role("link", name=section, exact=True))

    def press(self, control: Locator) -> None:
        control.click()

    def follow(self, control: Locator) -> None:
        with self.page.expect_navigation():
            control.click()

    def write(self, field: Locator, words: str) -> None:
        field.fill(words)

    def tick(self, box: Locator) -> None:
        box.check()

    def pick(self, radio: Locator) -> None:
        # A swatch is drawn by its label; the button itself is out of sight.
        radio.check(force=True)

    def choose(self, listed: Locator, words: str) -> None:
        listed.select_option(label=words)

    def give(self, field: Locator, files: Sequence[FilePayload]) -> None:
        with self.page.expect_file_chooser() as chooser:
            field.click()
        chooser.value.set_files(files)


@dataclass(frozen=True, slots=True)
class Keys:
    """Nothing but the keyboard: whatever is used must be reached by Tab, and be seen to be."""

    page: Page

    def __post_init__(self) -> None:
        # Playwright catches choosers while somebody listens, and says nothing of when it begins.
        self.page.on("filechooser", lambda _chooser: None)

    def go(self, section: str) -> None:
        """Open a section by the palette, which is there on every page of staff."""
        self.page.keyboard.press("Control+k")
        expect(self.page.get_by_role("combobox", name="Order, product")).to_be_focused()
        self.page.keyboard.type(section)
        wanted = self.page.get_by_role("option", name=section, exact=True)
        expect(wanted).to_be_visible()
        for _ in range(self.page.get_by_role("option").count()):
            if wanted.get_attribute("aria-selected") == "true":
                break
            self.page.keyboard.press("ArrowDown")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def press(self, control: Locator) -> None:
        self._reach(control)
        self.page.keyboard.press("Enter")

    def follow(self, control: Locator) -> None:
        self._reach(control)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, field: Locator, words: str) -> None:
        self._reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def tick(self, box: Locator) -> None:
        self._reach(box)
        if not box.is_checked():
            self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def pick(self, radio: Locator) -> None:
        """Reach the group, and go on in it by arrows."""
        self._reach(radio, is_there=IS_IN_GROUP)
        for _ in range(MOST_TABS):
            if radio.evaluate(HAS_FOCUS):
                break
            self.page.keyboard.press("ArrowDown")
        if not radio.is_checked():
            self.page.keyboard.press("Space")
        expect(radio).to_be_checked()

    def choose(self, listed: Locator, words: str) -> None:
        self._reach(listed)
        self.page.keyboard.press("Home")
        for _ in range(listed.locator("option").count()):
            if listed.evaluate(CHOSEN) == words:
                break
            self.page.keyboard.press("ArrowDown")
        assert listed.evaluate(CHOSEN) == words

    def give(self, field: Locator, files: Sequence[FilePayload]) -> None:
        self._reach(field)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(files)

    def _reach(self, control: Locator, is_there: str = HAS_FOCUS) -> None:
        for _ in range(MOST_TABS):
            if control.evaluate(is_there):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"Tab does not lead to {control}")
        focused = self.page.locator(":focus")
        assert focused.evaluate(SHOWS_FOCUS), f"{control} does not show that it has the focus"
        for _ in range(MOST_LOOKS):
            if not focused.evaluate(IS_COVERED):
                return
            # A page that scrolls, or comes in, needs a moment.
            self.page.wait_for_timeout(50)
        raise AssertionError(focused.evaluate(IS_COVERED))

"""The walk of somebody who registers their phone, as steps that count their taps."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import CDPSession, Locator, Page, expect

AGENT = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
)
SIGHT = "What we will and won\N{RIGHT SINGLE QUOTATION MARK}t see"
BRANDS = [{"brand": "Chromium", "version": "142"}, {"brand": "Google Chrome", "version": "142"}]


def as_a_phone(session: CDPSession) -> None:
    """Speak as Chrome does on a Pixel 8, client hints included."""
    session.send(
        "Emulation.setUserAgentOverride",
        {
            "userAgent": AGENT,
            "platform": "Linux armv81",
            "userAgentMetadata": {
                "brands": BRANDS, "fullVersionList": BRANDS, "platform": "Android", "platformVersion": "16.0.0",
                "architecture": "", "model": "Pixel 8", "mobile": True,
            },
        },
    )  # fmt: skip


@dataclass
class Walk:
    """A page, how often it was tapped, and the headings that were seen."""

    page: Page
    look: Callable[[str], None] = lambda _: None
    taps: int = 0
    seen: list[str] = field(default_factory=list)

    def tap(self, what: Locator) -> None:
        what.click()
        self.taps += 1

    def button(self, name: str) -> None:
        self.tap(self.page.get_by_role("button", name=name, exact=True))

    def at(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.seen.append(heading)
        self.look(heading)

    def choose(self, question: str, answer: str) -> None:
        group = self.page.get_by_role("group", name=question)
        self.tap(group.get_by_text(answer, exact=True))

    def join(self, link: str) -> None:
        """From the one-time link to the start of the registration."""
        self.page.goto(link)
        self.at("Set up your sign-in")
        self.button("Make my passkey")
        self.at("Use your own phone for work")

    def begin(self) -> None:
        """To the first question; the browser makes its key on the way."""
        self.button("Start")
        self.at(SIGHT)
        self.button("Continue")
        self.at("How it locks")

    def answer(self) -> None:
        """All questions of an Android phone, to the lost code."""
        self.choose("How soon does your screen lock itself", "2 minutes")
        self.button("Continue")
        self.at("Keep it private")
        self.choose("Does your lock screen hide what messages say?", "Yes")
        self.choose("Are you the only one who uses it?", "Yes")
        self.button("Continue")
        self.at("Apps and system")
        self.choose("Have you checked which apps can see your contacts and calls?", "Yes")
        self.choose("Is it as its maker sold it", "Yes")
        self.button("Continue")
        self.at("If you lose it")
        self.choose("Have you turned on the service that can find and erase it?", "Yes")
        self.button("Finish")
        self.at("This device is registered")

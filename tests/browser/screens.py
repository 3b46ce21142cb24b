"""Pictures of every page: `./run screens`, or some of them with `python -m tests.browser.screens --help`.

A path may name objects of the demo: `{project}` is the live one, `{closed}` the closed one, and so on, as
`/demo/objects/` gives them.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.demo import CHROMIUM, running_demo

# Role, name of the file, address. A role is as on the welcome page; "" is nobody.
PAGES: tuple[tuple[str, str, str], ...] = (
    ("", "welcome", "/welcome/"),
    ("", "styleguide", "/styleguide/"),
    ("", "sign-in", "/account/login/"),
    ("", "scorecard", "/scorecards/{scorecard}/"),
    ("", "letters-off", "{letters_off}"),
    ("", "ask-link", "/account/ask/"),
    ("", "link-asked", "/account/asked/"),
    ("member", "member-home", "/"),
    ("member", "work", "/work/"),
    ("member", "member-project", "/work/{project}/"),
    ("member", "workbench", "/bench/?project={project}"),
    ("member", "time", "/time/"),
    ("member", "time-day", "/time/day/"),
    ("member", "time-entries", "/time/day/entries/"),
    ("member", "pay", "/pay/"),
    ("member", "statement", "/pay/statement/"),
    ("member", "payouts", "/pay/payouts/"),
    ("member", "destination", "/pay/destination/"),
    ("member", "destination-mobile", "/pay/destination/mobile_money/"),
    ("member", "destination-bank", "/pay/destination/bank/"),
    ("member", "destination-cash", "/pay/destination/cash/"),
    ("member", "two-answers", "/work/two-answers/"),
    ("member", "decisions", "/decisions/"),
    ("member", "rules", "/rules/"),
    ("member", "help", "/help/"),
    ("client", "client-home", "/"),
    ("client", "project-new", "/projects/new/"),
    ("client", "project-setup", "/projects/{draft}/setup/"),
    ("client", "project-new-language", "/projects/new/"),
    ("client", "setup-purpose", "/projects/{draft}/setup/purpose/"),
    ("client", "setup-purpose-language", "/projects/{draft}/setup/purpose/"),
    ("client", "setup-questions", "/projects/{draft}/setup/asked/?begin=sentiment"),
    ("client", "setup-questions-live", "/projects/{project}/setup/asked/"),
    ("client", "setup-questions-json", "/projects/{draft}/setup/asked/json/"),
    ("client", "setup-guideline", "/projects/{draft}/setup/guideline/"),
    ("client", "setup-guideline-language", "/projects/{draft}/setup/guideline/"),
    ("client", "setup-guideline-version", "/projects/{closed}/setup/guideline/2/"),
    ("client", "setup-quality", "/projects/{draft}/setup/quality/"),
    ("client", "setup-quote", "/projects/{draft}/setup/price/"),
    ("client", "setup-pilot", "/projects/{draft}/setup/pilot/"),
    ("client", "setup-pilot-running", "/projects/{pilot}/setup/pilot/"),
    ("member", "pilot-answer", "/work/{pilot}/pilot/"),
    ("client", "setup-launch", "/projects/{draft}/setup/launch/"),
    ("client", "project-copy", "/projects/{project}/setup/copy/"),
    ("coordinator", "setup-quote-operator", "/projects/{draft}/setup/price/"),
    ("client", "projects", "/projects/"),
    ("client", "project", "/projects/{project}/"),
    ("client", "data", "/projects/{importing}/data/"),
    ("client", "import", "/projects/{importing}/data/imports/{import}/"),
    ("client", "quality", "/projects/{judged}/quality/"),
    ("client", "quality-tasks", "/projects/{judged}/quality/tasks/"),
    ("client", "quality-task", "/projects/{judged}/quality/tasks/{task}/"),
    ("client", "results", "/projects/{closed}/results/"),
    ("client", "close", "/projects/{project}/close/"),
    ("client", "closed", "/projects/{closed}/close/"),
    ("client", "invoice", "/projects/{closed}/invoice/"),
    ("coordinator", "coordinator-home", "/"),
    ("coordinator", "questions", "/questions/"),
    ("coordinator", "answer", "/questions/answer/?q={question}"),
    ("coordinator", "project-questions", "/projects/{held}/questions/"),
    ("client", "flags-client", "/flags/"),
    ("coordinator", "flags", "/flags/"),
    ("coordinator", "unread", "/unread/"),
    ("coordinator", "people-at-work", "/people-at-work/"),
    ("coordinator", "member-at-work", "/people-at-work/{holder}/"),
    ("coordinator", "leases", "/leases/"),
    ("coordinator", "member-leases", "/projects/{held}/members/{holder}/leases/"),
    ("coordinator", "assign", "/projects/{held}/members/{holder}/assign/"),
    ("coordinator", "decide", "/projects/{held}/members/{holder}/decide/"),
    ("coordinator", "corrections", "/team/corrections/"),
    ("coordinator", "correction", "/team/corrections/{correction}/"),
    ("coordinator", "team-decisions", "/team/decisions/"),
    ("coordinator", "team-decision", "/team/decisions/{decision}/"),
    ("delegate", "answer-appeal", "/team/decisions/{decision}/"),
    ("reviewer", "reviewer-home", "/"),
    ("reviewer", "reviews", "/reviews/"),
    ("reviewer", "review", "/reviews/{review}/"),
    ("member", "reviewed-answers", "/answers/reviewed/"),
    ("coordinator", "project-members", "/projects/{held}/members/"),
    ("finance", "finance-home", "/"),
    ("finance", "money", "/money/"),
    ("finance", "money-cover", "/money/cover/"),
    ("finance", "money-deposits", "/money/deposits/"),
    ("finance", "money-take-back", "/money/deposits/1/take-back/"),
    ("finance", "money-settlements", "/money/settlements/"),
    ("finance", "money-settlement", "/money/settlements/1/"),
    ("finance", "money-payouts", "/money/payouts/"),
    ("finance", "money-payout", "/money/payouts/{payout}/"),
    ("finance", "money-payout-batch", "/money/payouts/batches/{payout_batch}/"),
    ("finance", "payout-ways", "/money/payouts/ways/"),
    ("finance", "money-accounts", "/money/accounts/"),
    ("finance", "money-account", "/money/accounts/1/"),
    ("finance", "money-transaction", "/money/transactions/1/"),
    ("finance", "money-floors", "/money/floors/"),
    ("auditor", "auditor-home", "/"),
    ("auditor", "record", "/record/"),
    ("auditor", "record-verifications", "/record/verifications/"),
    ("auditor", "record-projects", "/record/projects/"),
    ("auditor", "record-figures", "/record/projects/{closed}/"),
    ("auditor", "record-rows-judgements", "/record/projects/{closed}/judgements/"),
    ("auditor", "record-rows-members", "/record/projects/{closed}/members/"),
    ("auditor", "record-rows-settlements", "/record/projects/{closed}/settlements/"),
    ("auditor", "record-events", "/record/events/"),
    ("auditor", "record-event", "/record/events/20/"),
    ("auditor", "record-seals", "/record/seals/"),
    ("auditor", "record-seal", "/record/seals/1/"),
    ("auditor", "record-evidence", "/record/evidence/"),
    ("administrator", "administrator-home", "/"),
    ("administrator", "people", "/people/"),
    ("administrator", "person", "/people/{account}/"),
    ("administrator", "person-roles", "/people/{account}/roles/"),
    ("administrator", "person-residence", "/people/{account}/residence/"),
    ("administrator", "person-end", "/people/{account}/end/"),
    ("administrator", "person-erase", "/people/{account}/erase/"),
    ("administrator", "my-token", "/account/token/"),
    ("administrator", "invite", "/people/invite/"),
    ("administrator", "client-way-in", "/organisations/{client}/way-in/"),
    ("coordinator", "way-in", "/people/{account}/way-in/"),
    ("administrator", "organisations", "/organisations/"),
    ("administrator", "new-client", "/organisations/new/"),
    ("administrator", "client-person", "/organisations/{client}/invite/"),
    ("administrator", "installation", "/installation/"),
    ("administrator", "jobs", "/installation/jobs/"),
    ("administrator", "settings", "/installation/settings/"),
    ("administrator", "outbox", "/outbox/"),
    ("member", "account", "/account/"),
    ("member", "letters", "/account/letters/"),
    ("member", "password", "/account/password/"),
    ("member", "add-passkey", "/account/passkeys/add/"),
    ("member", "app", "/account/app/"),
    ("member", "sign-out", "/account/logout/"),
    ("member", "offline", "/pay/"),
)
# What is pressed before the picture of the name that ends so.
PRESSED = {"-language": ".languages button:not([aria-current])"}
ROLES = {
    "member": "Member",
    "client": "Client",
    "coordinator": "Coordinator",
    "reviewer": "Reviewer",
    "finance": "Finance",
    "auditor": "Auditor",
    "delegate": "Delegate",
    "administrator": "Administrator",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at. `large`: with text of twice its size."""

    width: int
    height: int
    language: str
    theme: str
    large: bool = False

    def __str__(self) -> str:
        return f"{self.width}{'-large' if self.large else ''}-{self.language}-{self.theme}"


LOOKS = tuple(
    Look(width, height, language, theme, large)
    for width, height, themes, large in (
        (360, 560, ("light", "dark"), False),
        (360, 740, ("light",), True),
        (1280, 800, ("light", "dark"), False),
    )
    for language in ("fr", "en")
    for theme in themes
)
LARGE = "addEventListener('DOMContentLoaded', () => {document.documentElement.style.fontSize = '200%'})"


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description="Pictures of pages of a running demo.")
    parser.add_argument("--url", help="a running demo; without, one is started and stopped")
    parser.add_argument("--role", default="", choices=["", *ROLES])
    parser.add_argument("--path", action="append", help="an address, instead of the whole list")
    parser.add_argument("--only", default="", help="names that match this pattern")
    parser.add_argument("--look", default="", help="looks that match, such as 360-fr-light")
    parser.add_argument("--out", type=Path, default=Path("docs/screens"))
    asked = parser.parse_args()
    pages = [
        (asked.role, re.sub(r"\W+", "-", path).strip("-") or "home", path) for path in asked.path or ()
    ] or [one for one in PAGES if re.search(asked.only, one[1])]
    looks = [look for look in LOOKS if asked.look in str(look)]
    asked.out.mkdir(parents=True, exist_ok=True)
    if asked.url:
        _take(asked.url, looks, pages, asked.out)
        return
    with tempfile.TemporaryDirectory() as home, running_demo(Path(home)) as url:
        _take(url, looks, pages, asked.out)


def _take(url: str, looks: list[Look], pages: list[tuple[str, str, str]], out: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for one in dict.fromkeys((look.width, look.large, look.language) for look in looks):
            asked = [look for look in looks if (look.width, look.large, look.language) == one]
            for file in _pictures(browser, url, asked, pages, out):
                sys.stderr.write(f"{file}\n")
        browser.close()


def _pictures(
    browser: Browser, url: str, looks: list[Look], pages: list[tuple[str, str, str]], out: Path
) -> Iterator[Path]:
    """Each page is loaded once for its themes: `looks` differ in nothing else."""
    for role in dict.fromkeys(page[0] for page in pages):
        context = browser.new_context(
            viewport={"width": looks[0].width, "height": looks[0].height}, reduced_motion="reduce"
        )
        if looks[0].large:
            context.add_init_script(LARGE)
        tab = sign_in(context, url, role, looks[0].language)
        if role:
            speak(tab, url, looks[0].language)
        for _role, name, path in (page for page in pages if page[0] == role):
            if name == "offline":  # the worker of the workbench answers in the place of the page
                tab.evaluate("navigator.serviceWorker.ready.then(() => true)")
                context.set_offline(True)
            tab.goto(url + found(tab, url, path))
            for ending, button in PRESSED.items():
                if name.endswith(ending):
                    tab.locator(button).first.click()
            if path.startswith("/bench/"):  # it fills its page by itself
                tab.wait_for_load_state("networkidle")
            for look in looks:
                tab.emulate_media(color_scheme="dark" if look.theme == "dark" else "light")
                file = out / f"{name}-{look}.png"
                tab.screenshot(path=file, full_page=not path.startswith("/bench/"))
                yield file
        context.close()


def sign_in(context: BrowserContext, url: str, role: str, language: str) -> Page:
    """A tab of the demo's first person with this role, in a language."""
    context.add_cookies([{"name": "django_language", "value": "en", "url": url}])
    tab = context.new_page()
    if role:
        tab.goto(f"{url}/welcome/")
        card = tab.locator(
            "li.sheet", has=tab.locator("p.kicker", has_text=re.compile(f"^\\s*{ROLES[role]}\\s*$"))
        )
        card.get_by_role("button").first.click()
        tab.wait_for_url(f"{url}/")
    context.add_cookies([{"name": "django_language", "value": language, "url": url}])
    return tab


def speak(tab: Page, url: str, language: str) -> None:
    """Set the language of her account, which the workbench speaks."""
    tab.goto(f"{url}/account/")
    tab.locator("#id_language").select_option(language)
    tab.locator("form:has(#id_language) button").click()
    tab.wait_for_load_state()


def found(tab: Page, url: str, path: str) -> str:
    """The address with its `{names}` replaced by the ids of the demo's objects."""
    names = re.findall(r"{(\w+)}", path)
    if not names:
        return path
    answer = tab.request.get(f"{url}/demo/objects/").json()
    return path.format(**answer)


if __name__ == "__main__":
    main()

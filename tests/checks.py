"""Rules of the house that no other tool checks. Run by `./run check`."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "src/palabre"
CATALOGUE = SOURCES / "locale/fr/LC_MESSAGES/django.po"
KEYWORDS = dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")) | {"ngettext": (1, 2)}
TEMPLATE_SENTENCE = re.compile(r"""\{%\s*trans(?:late)?\s+(?:"([^"]*)"|'([^']*)')""")
PLACEHOLDER = re.compile(r"%(?:%|(?:\(\w+\))?[-#0-9.]*[a-z])", re.ASCII)


def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


def forms(text: str | Sequence[str] | None) -> Sequence[str]:
    """The one sentence, or singular and plural."""
    return [text] if isinstance(text, str) else text or []


def sentences() -> Iterator[tuple[str, str]]:
    """Where a sentence stands, and the sentence."""
    for name, line, text, _comments, _context in extract_from_dir(
        str(SOURCES), [("**.py", "python")], keywords=KEYWORDS
    ):
        yield f"{name}:{line}", forms(text)[0]
    for template in sorted(path for path in SOURCES.glob("**/templates/**/*") if path.is_file()):
        text = template.read_text(encoding="utf-8")
        for found in TEMPLATE_SENTENCE.finditer(text):
            place = f"{template.relative_to(SOURCES)}:{text.count(chr(10), 0, found.start()) + 1}"
            # Django looks a template's sentence up with its percent signs doubled.
            yield place, (found[1] or found[2] or "").replace("%", "%%")


def untranslated() -> Iterator[str]:
    """Every sentence of the sources has its French."""
    known = {
        forms(message.id)[0]
        for message in catalogue()
        if message.string and all(forms(message.string)) and not message.fuzzy
    }
    for place, sentence in sentences():
        if sentence not in known:
            yield f"{place}: no French for {sentence[:80]!r}"


def places(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def misplaced() -> Iterator[str]:
    """The French fills in the same values as the English: else it fails when it is shown, or hides one."""
    for message in catalogue():
        wanted = [places(text) for text in forms(message.id)]
        if message.id and any(places(text) not in wanted for text in forms(message.string)):
            yield f"{CATALOGUE.name}: other places in the French for {forms(message.id)[0][:80]!r}"


def addresses_in_locks() -> Iterator[str]:
    """A lock file says what, never from where."""
    for lock in ROOT.glob("requirements/*.lock"):
        for number, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"https?://|--(index|extra-index|find-links)", line):
                yield f"{lock.name}:{number}: names an address"


def main() -> int:
    problems = [*untranslated(), *misplaced(), *addresses_in_locks()]
    for problem in problems:
        sys.stderr.write(problem + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""Rules of the house that no other tool checks. Run by `./run check`."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "src/palabre/locale/fr/LC_MESSAGES/django.po"
KEYWORDS = dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")) | {"ngettext": (1, 2)}


def untranslated() -> Iterator[str]:
    """Every sentence of the sources has its French."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    known = {message.id if isinstance(message.id, str) else message.id[0]: message for message in catalogue}
    found = extract_from_dir(str(ROOT / "src/palabre"), [("**.py", "python")], keywords=KEYWORDS)
    for file_name, line, text, _comments, _context in found:
        one = text if isinstance(text, str) else text[0]
        message = known.get(one)
        if message is None or not message.string or message.fuzzy:
            yield f"{file_name}:{line}: no French for {one[:80]!r}"


def addresses_in_locks() -> Iterator[str]:
    """A lock file says what, never from where."""
    for lock in ROOT.glob("requirements/*.lock"):
        for number, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"https?://|--(index|extra-index|find-links)", line):
                yield f"{lock.name}:{number}: names an address"


def main() -> int:
    problems = [*untranslated(), *addresses_in_locks()]
    for problem in problems:
        sys.stderr.write(problem + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

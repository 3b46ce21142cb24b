"""The pages on which a project is set up, as a person sends them."""

import uuid

from palabre.work.models import Project
from tests.cast import Persona
from tests.web.reading import Seen
from tests.web.test_walls_pages import browser_of

NEW = "/projects/new/"
PURPOSE = {
    "main_language": "en",
    "name_en": "Guest reviews",
    "purpose_en": "To know what guests like.",
    "language": "fr",
    "currency": "EUR",
}
ROWS = {
    "kind": "text",
    "field": "text",
    "block": "",
    "language": "fr",
    "q0.kind": "single",
    "q0.name": "",
    "q0.title.en": "How was it?",
    "q0.l0.value": "",
    "q0.l0.title.en": "Good",
    "q0.l1.value": "",
    "q0.l1.title.en": "Bad",
}


def at(project: Project | uuid.UUID, step: str = "") -> str:
    number = project.id if isinstance(project, Project) else project
    return f"/projects/{number}/setup/{step}"


def sent(who: Persona, address: str, **fields: str) -> Seen:
    """A form as its page sends it; where it leads is followed."""
    response = browser_of(who).post(address, {"_once": str(uuid.uuid4()), **fields}, follow=True)
    return Seen(response.status_code, response.content.decode())


def by_script(who: Persona, address: str, **fields: str) -> Seen:
    """What the page's script asks for."""
    response = browser_of(who).post(address, fields, headers={"X-Piece": "1"})
    return Seen(response.status_code, response.content.decode())

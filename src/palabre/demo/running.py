"""What is going on in the demo: messages half sorted, a few pictures, a pilot, a draft that waits for its client."""

import datetime as dt
from collections.abc import Sequence
from typing import cast

from palabre.demo.labour import Labour, Result, Worker
from palabre.demo.messages import TOPICS, Message, messages
from palabre.demo.people import People
from palabre.demo.pictures import SCENES, archive
from palabre.demo.projects import Plan, chosen, drafted, launched, rows, schema, tried
from palabre.people.models import Role
from palabre.record.canonical import Json
from palabre.work.actions.pilot import confirm_guideline
from palabre.work.actions.quotes import quote_project
from palabre.work.dispatch.claim import Claimed
from palabre.work.models import Project
from palabre.work.setup.beginnings import BEGINNINGS
from palabre.work.setup.sketch import to_body

MESSAGES = "Questions"
PICTURES = "Photos"
GREETINGS = ("Which language?", "Quelle langue ?")
DRAFT = "Menus"
_ABOUT = ("What is it about?", "De quoi s’agit-il ?")
_PURPOSE = (
    "A tourism academy learns what guests ask before they come, so that its pages answer it.",
    "Une académie du tourisme apprend ce que l’on demande avant de venir, pour que ses pages y répondent.",
)
_GUIDELINE = (
    """# Questions before the journey

Tick everything that the guest asks about.

* **room**: the room, the bed, the view
* **meals**: food, drink, diets
* **price**: prices, taxes, payment
* **transport**: coming, leaving, parking
* **activities**: what to do there

Example: “Hello, do the rooms have nets? And is there a guide?” is **room** and **activities**.
""",
    """# Questions avant le voyage

Cochez tout ce que la personne demande.

* **chambre** : la chambre, le lit, la vue
* **repas** : repas, boissons, régimes
* **prix** : prix, taxes, paiement
* **trajet** : venir, partir, se garer
* **activités** : ce que l’on peut faire sur place

Exemple : « Bonjour, les chambres ont-elles des moustiquaires ? Et y a-t-il un guide ? » est **chambre** et
**activités**.
""",
)
_TONGUES = (
    "# Which language?\n\nWhat most of the words are in.\n",
    "# Quelle langue ?\n\nLa langue de la plupart des mots.\n",
)
_UNCLEAR = "“Salut, nanga def” · « Salut, nanga def » ?"
_GREETINGS = (
    "Bonjour, comment allez-vous ?",
    "Naka nga def ?",
    "Salut, nanga def ?",
    "Bonsoir, la route est-elle ouverte ?",
    "Naka suba si ?",
    "Merci, à demain.",
    "Bonjour, avez-vous une chambre ?",
    "Naka waa kër ga ?",
    "Bonne nuit à tous.",
    "Le car est-il parti ?",
)
_SCENES = ("# Pictures\n\nWhat is shown most?\n", "# Photos\n\nQue voit-on surtout ?\n")
_BAD_ROWS = 'id,text,language\nm-1,"Grilled fish, rice · Poisson grillé, riz",fr\nm-2,,en\nm-1,Mafé,fr\nm-4,Yassa,fr\n'


def run_projects(
    labour: Labour, people: People, workers: Sequence[Worker], now: dt.datetime, texts: int
) -> Project:
    """Live the last four days; the project of messages, half done."""
    labour.clock.instant = now - dt.timedelta(hours=98)
    written = messages(texts)
    content = rows([(one.text, one.language) for one in written], "message")
    asks = schema("text", "$text", TOPICS, _ABOUT, choice="multiple")
    plan = Plan((MESSAGES, MESSAGES), _PURPOSE, _GUIDELINE, asks, "messages.jsonl", content, texts)
    project = launched(plan, people, labour.clock)
    by_text = {one.text: one for one in written}
    _sort_messages(labour, project, workers, by_text, now)
    _sort_pictures(labour, people, workers[0], now)
    _try_languages(labour, people, workers, now)
    _draft(labour, people)
    return project


def _sort_messages(
    labour: Labour, project: Project, workers: Sequence[Worker], by_text: dict[str, Message], now: dt.datetime
) -> None:
    """On each of five half days, most of the members sort some."""

    def answer(task: Claimed, careful: bool) -> Result:
        topics = by_text[str(task.payload["text"])].topics
        return chosen("text", topics if careful else [labour.chance.choice(TOPICS)])

    quota = max(1, len(by_text) * 3 * 3 // 5 // 45)
    for hours in (94, 70, 46, 25, 6):
        for worker in labour.chance.sample(list(workers), 9):
            labour.clock.instant = now - dt.timedelta(hours=hours, minutes=-labour.chance.randrange(100))
            labour.sitting(project, worker, quota, 1, answer)


def _sort_pictures(labour: Labour, people: People, worker: Worker, now: dt.datetime) -> None:
    labour.clock.instant = now - dt.timedelta(hours=3)
    asks = schema("picture", "$file", tuple(SCENES), ("What is shown?", "Que voit-on ?"), kind="image")
    plan = Plan(
        (PICTURES, PICTURES),
        _PURPOSE,
        _SCENES,
        asks,
        "pictures.zip",
        archive(),
        2 * len(SCENES),
        seconds=12,
        language="zxx",
    )
    project = launched(plan, people, labour.clock)

    def answer(task: Claimed, careful: bool) -> Result:
        scene = next(scene for scene in SCENES if scene in (task.external_id or ""))
        return chosen("picture", [scene if careful else labour.chance.choice(list(SCENES))])

    labour.sitting(project, worker, 4, 1, answer)


def _try_languages(labour: Labour, people: People, workers: Sequence[Worker], now: dt.datetime) -> None:
    """A pilot: two members have done it, one of them finds something unclear, the other has yet to say."""
    labour.clock.instant = now - dt.timedelta(hours=2)
    ready = next(one for one in BEGINNINGS if one.name == "language")
    asks = cast("dict[str, Json]", to_body(ready.sketch()))
    content = rows([(text, "") for text in _GREETINGS], "greeting")
    plan = Plan(GREETINGS, _PURPOSE, _TONGUES, asks, "greetings.jsonl", content, len(_GREETINGS), seconds=8)
    project = tried(plan, people, labour.clock, 6)

    def answer(task: Claimed, careful: bool) -> Result:
        wolof = careful and "Naka" in str(task.payload["text"])
        item = {"id": "r1", "from_name": "language", "to_name": "text", "type": "choices"}
        return [{**item, "value": {"choices": ["wolof" if wolof else "french"]}}]

    for worker in workers[:2]:
        labour.sitting(project, worker, 6, 1, answer)
    confirm_guideline(project.id, False, _UNCLEAR, by=workers[1].actor, at=labour.clock.now())


def _draft(labour: Labour, people: People) -> None:
    """Its file has two rows that are no good; its price is known and not yet accepted."""
    asks = schema("text", "$text", ("meals", "price"), _ABOUT)
    plan = Plan((DRAFT, DRAFT), _PURPOSE, _GUIDELINE, asks, "menus.csv", _BAD_ROWS.encode(), 4, language="fr")
    project = drafted(plan, people, labour.clock)
    quote_project(project.id, 200, by=people.others[Role.CLIENT], at=labour.clock.now())

"""`palabre project`: a project from draft to close, for whoever runs the installation, at its terminal.

Whoever can start these commands can read the database as well, so they act as the program itself.
"""

import json
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from palabre.money import Money, read_amount
from palabre.people.actor import SYSTEM
from palabre.people.permissions import Permission
from palabre.times import system_clock
from palabre.words import gettext as _
from palabre.work.access import project_for
from palabre.work.actions.fund import record_deposit
from palabre.work.actions.launch import close_project, launch_project
from palabre.work.actions.projects import Terms, create_project
from palabre.work.actions.quotes import accept_quote, quote_project
from palabre.work.actions.versions import publish_guideline, publish_schema
from palabre.work.checks import parse_decimal
from palabre.work.errors import FileUnreadable
from palabre.work.models import Project, Quote
from palabre.work.queries import projects

app = typer.Typer(no_args_is_help=True, help=_("Client projects, from draft to close."))

ProjectId = Annotated[uuid.UUID, typer.Argument(help=_("Id of the project."))]
File = Annotated[Path, typer.Argument(help=_("Path of the file."))]
Translated = Annotated[
    list[str] | None,
    typer.Option(
        help=_("The same in another language: its tag, =, and the path of a file, such as fr=avis.md.")
    ),
]


@app.command("create", help=_("Make a draft. Prints its id."))
def create(
    *,
    name: Annotated[str, typer.Option(help=_("Its name."))],
    purpose: Annotated[str, typer.Option(help=_("What the labels are for, in words that members read."))],
    client: Annotated[uuid.UUID, typer.Option(help=_("Id of the client organisation."))],
    operator: Annotated[uuid.UUID, typer.Option(help=_("Id of the operator."))],
    currency: Annotated[str, typer.Option(help=_("In which the client pays, for example EUR."))],
    seconds: Annotated[str, typer.Option(help=_("How long one judgement takes, in seconds."))],
    overlap: Annotated[int, typer.Option(help=_("Judgements for each task."))] = 3,
    country: Annotated[
        list[str] | None, typer.Option(help=_("Where its members live; without, wherever they do."))
    ] = None,
    language: Annotated[
        str,
        typer.Option(
            help=_("Of the data, such as fr; mul: several, zxx: none. Needed before work is offered.")
        ),
    ] = "",
    main_language: Annotated[
        str, typer.Option(help=_("Of the name and the purpose; without, the first one of the installation."))
    ] = "",
    translation: Translated = None,
) -> None:
    terms = Terms(
        name=name,
        purpose=purpose,
        currency=currency,
        seconds_per_task=parse_decimal("--seconds", seconds),
        overlap=overlap,
        countries=country or [],
        language=language,
        main_language=main_language,
        translations={one: _fields(file) for one, file in _translated(translation)},
    )
    made = create_project(terms, client=client, operator=operator, by=SYSTEM, at=system_clock.now())
    typer.echo(made.id)


@app.command("list", help=_("Every project: id, state, name."))
def list_projects() -> None:
    after = None
    while found := projects.projects(SYSTEM, after=after):
        for project in found:
            typer.echo(f"{project.id}  {project.state:7}  {project.name}")
        after = found[-1].id


@app.command("show", help=_("How far a project and its money are, as JSON."))
def show(project: ProjectId) -> None:
    found = _found(project)
    progress = projects.progress(found)
    typer.echo(
        json.dumps(
            {
                "name": found.name,
                "state": found.state,
                "tasks": progress.tasks,
                "funded": progress.funded,
                "judgements": {"wanted": progress.wanted, "counted": progress.counted},
                "members": progress.members,
                "deposited": str(Money(progress.deposited, found.currency)),
                "left": str(Money(progress.left, found.currency)),
            },
            ensure_ascii=False,
            indent=2,
        )
    )


@app.command("schema", help=_("Publish the next version of the label schema, from a JSON file."))
def schema(project: ProjectId, file: File) -> None:
    try:
        body = json.loads(_text(file))
    except (ValueError, RecursionError):
        raise FileUnreadable(path=str(file)) from None
    published = publish_schema(project, body, by=SYSTEM, at=system_clock.now())
    typer.echo(_("Version %(version)s is published.") % {"version": published.version})


@app.command("guideline", help=_("Publish the next version of the guideline, from a Markdown file."))
def guideline(
    project: ProjectId,
    file: File,
    changes: Annotated[str, typer.Option(help=_("What is new, from the second version on."))] = "",
    translation: Translated = None,
) -> None:
    others = {one: {"body": _text(path)} for one, path in _translated(translation)}
    at = system_clock.now()
    published = publish_guideline(project, _text(file), changes, translations=others, by=SYSTEM, at=at)
    typer.echo(_("Version %(version)s is published.") % {"version": published.version})


@app.command("quote", help=_("Say what so many tasks cost, line by line, and accept it if asked to."))
def quote(
    project: ProjectId,
    tasks: Annotated[int, typer.Argument(help=_("How many tasks."))],
    *,
    price: Annotated[str | None, typer.Option(help=_("An offer; without, the smallest price."))] = None,
    accept: Annotated[bool, typer.Option(help=_("Accept it: it fixes what is paid."))] = False,
) -> None:
    currency = _found(project).currency
    offered = None if price is None else read_amount(price, currency).minor
    at = system_clock.now()
    made = quote_project(project, tasks, price=offered, by=SYSTEM, at=at)
    for line in _lines(made):
        typer.echo(line)
    if accept:
        accept_quote(made.id, by=SYSTEM, at=at)
        typer.echo(_("Accepted. Work can be offered once a deposit is recorded."))


@app.command("deposit", help=_("Record money that came in from the client."))
def deposit(
    project: ProjectId,
    amount: Annotated[str, typer.Argument(help=_("In the currency of the project, for example 1250.00."))],
    *,
    reference: Annotated[str, typer.Option(help=_("The bank's reference; the same is not taken twice."))],
) -> None:
    money = read_amount(amount, _found(project).currency)
    record_deposit(project, money.minor, reference, by=SYSTEM, at=system_clock.now())
    progress = projects.progress(_found(project))
    text = _("%(money)s is recorded. The money covers %(funded)s of %(tasks)s tasks.")
    typer.echo(text % {"money": money, "funded": progress.funded, "tasks": progress.tasks})


@app.command("launch", help=_("Offer the work to members."))
def launch(
    project: ProjectId,
    without_pilot: Annotated[str, typer.Option(help=_("Why there is no pilot, if there was none."))] = "",
) -> None:
    launch_project(project, without_pilot=without_pilot, by=SYSTEM, at=system_clock.now())
    typer.echo(_("The work is on offer."))


@app.command("close", help=_("End the project. Answers that still come are kept and paid."))
def close(project: ProjectId) -> None:
    closed = close_project(project, by=SYSTEM, at=system_clock.now())
    left = Money(projects.progress(closed).left, closed.currency)
    typer.echo(
        _("Closed. Left of the deposit, before days that are not settled yet: %(left)s.") % {"left": left}
    )


def _found(project_id: uuid.UUID) -> Project:
    return project_for(SYSTEM, project_id, Permission.READ_PROJECTS)


def _translated(translation: list[str] | None) -> list[tuple[str, Path]]:
    """Languages with their files. Raises: FileUnreadable where none is named."""
    found = []
    for one in translation or []:
        language, named, file = one.partition("=")
        if not named:
            raise FileUnreadable(path=one)
        found.append((language, Path(file)))
    return found


def _fields(file: Path) -> dict[str, str]:
    """Name, purpose and risk_note in another language, as a JSON object. Raises: FileUnreadable."""
    try:
        texts = json.loads(_text(file))
    except (ValueError, RecursionError):
        raise FileUnreadable(path=str(file)) from None
    known = isinstance(texts, dict) and texts.keys() <= {"name", "purpose", "risk_note"}
    if not known or not all(isinstance(text, str) for text in texts.values()):
        raise FileUnreadable(path=str(file))
    return {str(name): str(text) for name, text in texts.items()}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise FileUnreadable(path=str(file)) from None


def _lines(made: Quote) -> list[str]:
    """A quote as a person reads it: where members live and their floor, then what makes the price."""
    names = {
        "base_pay": _("Pay of the members"),
        "platform_share": _("Platform share"),
        "social_cover": _("Social cover"),
        "topup_reserve": _("Reserve for top-ups"),
    }
    said = []
    for line in made.lines:
        if line["line"] == "place":
            hour = f"{Decimal(line['hourly']):.2f} {line['currency']}"
            where = f"{line['country']} {line['region']}".strip()
            said.append(_("Floor in %(where)s: %(hour)s an hour") % {"where": where, "hour": hour})
        else:
            said.append(f"{names[line['line']]}: {Money(line['amount'], made.currency)}")
    total = {"tasks": made.tasks, "total": Money(made.total, made.currency)}
    said.append(_("Price of %(tasks)s tasks: %(total)s") % total)
    return said

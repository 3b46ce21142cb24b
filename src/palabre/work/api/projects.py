"""Projects over HTTP: their terms, versions, quotes, money, states and questions."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from palabre.people.permissions import Permission
from palabre.web.access import PUBLIC, actor_of, allowed, at_of
from palabre.web.fields import Count, CountText, DecimalText, Id, Input, Minor, RowIdText
from palabre.web.pages import Page, Paging, page
from palabre.work.access import project_for
from palabre.work.actions.fund import record_deposit
from palabre.work.actions.handouts import hand_guideline
from palabre.work.actions.launch import close_project, pause_project
from palabre.work.actions.projects import Terms, create_project, edit_project
from palabre.work.actions.questions import answer_question, ask_question
from palabre.work.actions.quotes import accept_quote, quote_project
from palabre.work.actions.reverse import reverse_deposit
from palabre.work.actions.versions import publish_guideline, publish_schema
from palabre.work.models import Guideline, LabelSchema, Project, Question, Quote
from palabre.work.models.projects import first_language
from palabre.work.pricing import Shares
from palabre.work.queries import projects, questions, versions
from palabre.work.schemas import published_schema, to_label_studio_xml
from palabre.work.spoken import main_of, translations_of

router = Router(tags=["projects"])
MANAGE, READ, WORK = Permission.MANAGE_PROJECTS, Permission.READ_PROJECTS, Permission.WORK
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


Name = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=5_000)]
Note = Annotated[str, Field(max_length=2_000)]
Pages = Annotated[str, Field(max_length=50_000)]


class TermsIn(Input):
    """`seconds_per_task`: what one judgement is expected to take. No `countries`: wherever members live.

    A text is a string, in `main_language`, or an object by language: {"en": "Guest reviews", "fr": "Avis de clients"}.
    No `main_language`: the first one of the installation.
    """

    name: Name | dict[Language, Name]
    purpose: Text | dict[Language, Text]
    currency: str = Field(max_length=3)
    seconds_per_task: DecimalText
    overlap: Count = 3
    countries: list[Annotated[str, Field(max_length=2)]] = Field(default=[], max_length=200)
    lease_hours: Count = 72
    risk_note: Note | dict[Language, Note] = Field("", description="what in the content may be hard to bear")
    language: str = Field(
        "",
        max_length=35,
        description="of the data, as a tag of BCP 47; `mul`: several, `zxx`: none; needed before work is offered",
    )
    main_language: str = Field("", max_length=3, description="of name, purpose and guideline")

    def terms(self) -> Terms:
        """Raises: MainTextMissing."""
        texts = {"name": self.name, "purpose": self.purpose, "risk_note": self.risk_note}
        taken = self.dict(exclude={"client", "operator", *texts})
        taken["main_language"] = main_language = self.main_language or first_language()
        taken |= main_of(main_language, **texts)
        return Terms(**taken, translations=translations_of(main_language, **texts))


class ProjectIn(TermsIn):
    client: Id
    operator: Id


class RateOut(Schema):
    """Of one judgement: `pay` in the member's currency, `charge` in the project's."""

    currency: str
    pay: str
    charge: str


class TextsOut(Schema):
    """Each text by language, the main one first."""

    name: dict[str, str]
    purpose: dict[str, str]
    risk_note: dict[str, str]


class ProjectOut(Schema):
    """`name`, `purpose` and `risk_note` are in `main_language`; `texts` has them in all their languages."""

    id: uuid.UUID
    client: uuid.UUID = Field(alias="client_id")
    operator: uuid.UUID = Field(alias="operator_id")
    name: str
    purpose: str
    currency: str
    seconds_per_task: Decimal
    overlap: int
    countries: list[str]
    declared_times: bool
    lease_hours: int
    risk_note: str
    language: str
    main_language: str
    texts: TextsOut
    pilot_tasks: int | None
    piloted_at: dt.datetime | None
    pilot_judgements: int | None
    pilot_shared_seconds: Decimal | None
    without_pilot: str
    state: str
    rates: dict[str, RateOut]
    created_at: dt.datetime
    launched_at: dt.datetime | None
    closed_at: dt.datetime | None

    @staticmethod
    def resolve_texts(project: Project) -> dict[str, dict[str, str]]:
        return {field: project.texts(field) for field in ("name", "purpose", "risk_note")}


class SchemaIn(Input):
    """`body`: as /schemas/label-schema.json says."""

    body: dict[str, object]


class SchemaOut(Schema):
    version: int
    body: dict[str, object]
    published_at: dt.datetime


class ConfigurationOut(Schema):
    """`xml`: a labelling configuration of Label Studio."""

    xml: str


class GuidelineIn(Input):
    """`body`: Markdown. `changes`: what is new, from the second version on. Each is a string, in the project's
    `main_language`, or an object by language."""

    body: Pages | dict[Language, Pages]
    changes: Text | dict[Language, Text] = ""


class GuidelineTextsOut(Schema):
    """Each text by language, the main one first."""

    body: dict[str, str]
    changes: dict[str, str]


class GuidelineOut(Schema):
    """`body` and `changes` are in `main_language`; `texts` has them in all their languages."""

    version: int
    body: str
    changes: str
    main_language: str
    texts: GuidelineTextsOut
    published_at: dt.datetime

    @staticmethod
    def resolve_texts(guideline: Guideline) -> dict[str, dict[str, str]]:
        return {field: guideline.texts(field) for field in ("body", "changes")}


class SharesIn(Input):
    """Percent of base pay, set by the operator."""

    platform: DecimalText
    social: DecimalText
    reserve: DecimalText


class QuoteIn(Input):
    """`price`: an offer in minor units; without, the smallest price is quoted."""

    tasks: Count
    price: Minor | None = None
    shares: SharesIn | None = None


class QuoteOut(Schema):
    """`lines`: the places with their floors, then the lines that make the total, each with its arithmetic."""

    id: uuid.UUID
    tasks: int
    lines: list[dict[str, object]]
    rates: dict[str, RateOut]
    total: int
    currency: str
    quoted_at: dt.datetime
    accepted_at: dt.datetime | None


class DepositIn(Input):
    """`amount`: minor units of the project's currency. `reference`: the bank's; the same is not taken twice."""

    amount: Minor
    reference: str = Field(max_length=200)


class DepositOut(Schema):
    transaction: int


class ReversalIn(Input):
    """`reason`: what was wrong with the deposit; the client reads it."""

    reason: str = Field(max_length=500)


class ProgressOut(Schema):
    """Tasks, judgements and people so far; money in minor units of the project's currency."""

    tasks: int
    funded: int
    wanted: int
    counted: int
    judgements: int
    open_leases: int
    members: int
    open_questions: int
    deposited: int
    left: int


class QuestionIn(Input):
    text: str = Field(max_length=10_000)


class ReplyIn(Input):
    answer: str = Field(max_length=10_000)


class QuestionOut(Schema):
    """`answer` is empty until somebody answers; `answered_by_client`: her client did, else her operator."""

    id: uuid.UUID
    task: int | None = Field(alias="task_id")
    text: str
    asked_at: dt.datetime
    answer: str
    answered_by_client: bool
    answered_at: dt.datetime | None


@router.get("/schemas/label-schema.json", auth=allowed(PUBLIC), response=dict[str, object])
def label_schema(request: HttpRequest) -> object:  # noqa: ARG001
    """The JSON Schema (draft 2020-12) that every label schema follows."""
    return published_schema()


@router.get("/projects", auth=allowed(READ, WORK), response=Page[ProjectOut])
def list_projects(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Your organisation's projects; for a member, those that are open to her."""
    by = actor_of(request)
    return page(
        paging,
        uuid.UUID,
        lambda after, limit: projects.projects(by, after=after, limit=limit),
        lambda project: project.id,
    )


@router.post("/projects", auth=allowed(MANAGE), response={201: ProjectOut})
def create(request: HttpRequest, body: ProjectIn) -> Status[Project]:
    """A new draft between a client and an operator; you act for one of them."""
    by, at = actor_of(request), at_of(request)
    return Status(201, create_project(body.terms(), client=body.client, operator=body.operator, by=by, at=at))


@router.get("/projects/{project}", auth=allowed(READ), response=ProjectOut)
def show_project(request: HttpRequest, project: Id) -> Project:
    """One project of your organisation."""
    return project_for(actor_of(request), project, READ)


@router.put("/projects/{project}", auth=allowed(MANAGE), response=ProjectOut)
def edit(request: HttpRequest, project: Id, body: TermsIn) -> Project:
    """Replace the terms of a draft. What the price depends on undoes an accepted quote."""
    return edit_project(project, body.terms(), by=actor_of(request), at=at_of(request))


@router.get("/projects/{project}/progress", auth=allowed(READ), response=ProgressOut)
def show_progress(request: HttpRequest, project: Id) -> projects.Progress:
    """How far the work and its money are."""
    return projects.progress(project_for(actor_of(request), project, READ))


@router.post("/projects/{project}/schemas", auth=allowed(MANAGE), response={201: SchemaOut})
def publish_a_schema(request: HttpRequest, project: Id, body: SchemaIn) -> Status[LabelSchema]:
    """The next version of what tasks show and ask. While members work, labels and words may be added only."""
    published = publish_schema(project, body.body, by=actor_of(request), at=at_of(request))
    return Status(201, published)


@router.get("/projects/{project}/schemas/newest", auth=allowed(READ, WORK), response=SchemaOut)
def newest_schema(request: HttpRequest, project: Id) -> LabelSchema:
    """The newest version of the label schema."""
    return versions.schema_of(actor_of(request), project)


@router.get("/projects/{project}/schemas/{version}", auth=allowed(READ, WORK), response=SchemaOut)
def show_schema(request: HttpRequest, project: Id, version: CountText) -> LabelSchema:
    """One version of the label schema."""
    return versions.schema_of(actor_of(request), project, version)


@router.get(
    "/projects/{project}/schemas/{version}/label-studio", auth=allowed(READ), response=ConfigurationOut
)
def label_studio(
    request: HttpRequest, project: Id, version: CountText, language: Language = "en"
) -> dict[str, str]:
    """One version of the label schema as Label Studio reads it, with the titles in a language."""
    schema = versions.schema_of(actor_of(request), project, version)
    return {"xml": to_label_studio_xml(schema.body, language)}


@router.post("/projects/{project}/guidelines", auth=allowed(MANAGE), response={201: GuidelineOut})
def publish_a_guideline(request: HttpRequest, project: Id, body: GuidelineIn) -> Status[Guideline]:
    """The next version of how to answer. Answers keep the version that they were made under."""
    by, at = actor_of(request), at_of(request)
    main_language = project_for(by, project, MANAGE).main_language
    texts = {"body": body.body, "changes": body.changes}
    main, others = main_of(main_language, **texts), translations_of(main_language, **texts)
    published = publish_guideline(project, main["body"], main["changes"], translations=others, by=by, at=at)
    return Status(201, published)


@router.get("/projects/{project}/guidelines/newest", auth=allowed(READ, WORK), response=GuidelineOut)
def newest_guideline(request: HttpRequest, project: Id) -> Guideline:
    """The newest version of the guideline. A member's reading of it is paid time from then on."""
    return _handed(request, versions.guideline_of(actor_of(request), project))


@router.get("/projects/{project}/guidelines/{version}", auth=allowed(READ, WORK), response=GuidelineOut)
def show_guideline(request: HttpRequest, project: Id, version: CountText) -> Guideline:
    """One version of the guideline. A member's reading of it is paid time from then on."""
    return _handed(request, versions.guideline_of(actor_of(request), project, version))


def _handed(request: HttpRequest, guideline: Guideline) -> Guideline:
    by = actor_of(request)
    if by.may(WORK):
        hand_guideline(guideline, by=by, at=at_of(request))
    return guideline


@router.post("/projects/{project}/quotes", auth=allowed(MANAGE), response={201: QuoteOut})
def make_quote(request: HttpRequest, project: Id, body: QuoteIn) -> Status[Quote]:
    """What so many tasks cost. An offer below the floor is refused with the smallest price that passes."""
    by, at = actor_of(request), at_of(request)
    shares = Shares(**body.shares.dict()) if body.shares else None
    return Status(201, quote_project(project, body.tasks, price=body.price, shares=shares, by=by, at=at))


@router.get("/projects/{project}/quotes", auth=allowed(READ), response=Page[QuoteOut])
def list_quotes(request: HttpRequest, project: Id, paging: Query[Paging]) -> dict[str, object]:
    """The quotes of a project."""
    by = actor_of(request)
    return page(
        paging,
        uuid.UUID,
        lambda after, limit: projects.quotes(by, project, after=after, limit=limit),
        lambda quote: quote.id,
    )


@router.post("/quotes/{quote}/acceptance", auth=allowed(MANAGE), response=QuoteOut)
def accept(request: HttpRequest, quote: Id) -> Quote:
    """Accept a quote: its rates hold for the whole project, and deposits can come in."""
    return accept_quote(quote, by=actor_of(request), at=at_of(request))


@router.post(
    "/projects/{project}/deposits", auth=allowed(Permission.RECORD_DEPOSITS), response={201: DepositOut}
)
def deposit(request: HttpRequest, project: Id, body: DepositIn) -> Status[dict[str, int]]:
    """Record money that came in from the client; the work that it covers is offered."""
    by, at = actor_of(request), at_of(request)
    return Status(201, {"transaction": record_deposit(project, body.amount, body.reference, by=by, at=at)})


@router.post(
    "/projects/{project}/deposits/{ledger_transaction}/reversal",
    auth=allowed(Permission.RECORD_DEPOSITS),
    response={201: DepositOut},
)
def reversal(
    request: HttpRequest, project: Id, ledger_transaction: RowIdText, body: ReversalIn
) -> Status[dict[str, int]]:
    """Take back the whole of a deposit that was recorded by mistake, if nobody has a claim to its money."""
    by, at = actor_of(request), at_of(request)
    done = reverse_deposit(project, ledger_transaction, body.reason, by=by, at=at)
    return Status(201, {"transaction": done.id})


@router.post("/projects/{project}/pause", auth=allowed(MANAGE), response=ProjectOut)
def pause(request: HttpRequest, project: Id) -> Project:
    """Offer no more work for now. What members hold stays theirs."""
    return pause_project(project, by=actor_of(request), at=at_of(request))


@router.post("/projects/{project}/close", auth=allowed(MANAGE), response=ProjectOut)
def close(request: HttpRequest, project: Id) -> Project:
    """End a project. Answers that still come are kept and paid."""
    return close_project(project, by=actor_of(request), at=at_of(request))


@router.post("/projects/{project}/questions", auth=allowed(WORK), response={201: QuestionOut})
def ask(request: HttpRequest, project: Id, body: QuestionIn) -> Status[Question]:
    """Ask about a project that is open to you."""
    return Status(201, ask_question(project, body.text, by=actor_of(request), at=at_of(request)))


@router.get("/projects/{project}/questions", auth=allowed(READ, WORK), response=Page[QuestionOut])
def list_questions(request: HttpRequest, project: Id, paging: Query[Paging]) -> dict[str, object]:
    """Questions and their answers; a member sees her own, and everybody's that were answered."""
    by = actor_of(request)
    return page(
        paging,
        uuid.UUID,
        lambda after, limit: questions.questions(by, project, after=after, limit=limit),
        lambda question: question.id,
    )


@router.post("/questions/{question}/answer", auth=allowed(Permission.ANSWER_QUESTIONS), response=QuestionOut)
def answer(request: HttpRequest, question: Id, body: ReplyIn) -> Question:
    """Answer a question of a member, or word the answer better."""
    return answer_question(question, body.answer, by=actor_of(request), at=at_of(request))

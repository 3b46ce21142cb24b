"""One of each thing that a path can name, all of the operator of the cast and its client.

A new path parameter needs a line in OBJECTS, or the walk over the walls fails and says so.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from palabre.decisions.actions import take_decision
from palabre.exchange.actions import append_part, begin_upload
from palabre.exchange.models import Export, Import
from palabre.impact.actions.audit import ask_evidence, ask_verification
from palabre.impact.models import ScoreCard
from palabre.pay.actions import (
    Move,
    carry_payouts,
    open_account,
    post,
    record_deposit,
    request_payout,
    settle_day,
)
from palabre.pay.models import Floor, LedgerAccount
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Token
from palabre.people.permissions import Permission
from palabre.people.tokens import digest
from palabre.record.models import Event
from palabre.record.seals import seal_all
from palabre.timesheet.actions import ask_correction
from palabre.timesheet.models import Kind, TimeEntry
from palabre.web.access import SIGNED_IN, Access
from palabre.work.models import (
    Annotation,
    Batch,
    Guideline,
    LabelSchema,
    Media,
    OtherAnswer,
    Project,
    Question,
    Quote,
    RawSubmission,
    Review,
    Task,
)
from tests.cast import BEGAN, Cast, own_account
from tests.impact.example import facts, signed
from tests.kept import kept
from tests.pay.leading import lead
from tests.simulation.world import SCHEMA


@dataclass(frozen=True, slots=True)
class World:
    """The cast, and the ids of the things that are theirs by the name of the path parameter."""

    cast: Cast
    ids: dict[str, object]

    def unknown(self) -> dict[str, object]:
        """Ids of the same form that nothing has. Words that are no ids stay."""
        return {name: _nowhere(value) for name, value in self.ids.items()}

    def with_people(self, account: uuid.UUID) -> dict[str, object]:
        """Our things, but another person."""
        return self.ids | {"account": account, "member": account}

    def belongings(self) -> set[str]:
        """How the ids are written in an answer, where that can't be anything else."""
        return {str(value) for value in self.ids.values() if isinstance(value, uuid.UUID)}


def _nowhere(value: object) -> object:
    if isinstance(value, uuid.UUID):
        return uuid.UUID("00000000-0000-4000-8000-000000000000")
    return 10**17 if isinstance(value, int) else value


def _token(cast: Cast) -> object:
    return Token.objects.get(digest=digest(cast.member.token)).id


def _decision(cast: Cast) -> object:
    correction = uuid.uuid4()
    made = take_decision(
        member=cast.member.account,
        kind="time_correction_refused",
        rule="timesheet.corrections",
        evidence={"correction": str(correction)},
        effect={"correction": str(correction)},
        by=cast.coordinator.actor,
        at=BEGAN,
    )
    return made.id


def _project(cast: Cast) -> object:
    """Live and funded, with two texts to sort."""
    made = Project.objects.create(
        operator=cast.operator,
        client=cast.client,
        name="Guest reviews",
        purpose="Sort reviews",
        currency="EUR",
        seconds_per_task=10,
        state=Project.State.LIVE,
        rates={"SN": {"currency": "XOF", "pay": "1.02923900", "charge": "0.00157000"}},
        created_at=BEGAN,
        launched_at=BEGAN,
        without_pilot="Written straight into the tables.",
    )
    made.escrow = open_account(LedgerAccount.Kind.ESCROW, made.id, "EUR", cast.operator.id)
    made.save()
    published = {
        "project": made,
        "version": 1,
        "published_at": BEGAN,
        "published_by": cast.coordinator.account,
    }
    LabelSchema.objects.create(body=SCHEMA, **published)
    Guideline.objects.create(body="Choose.", changes="", **published)
    batch = Batch.objects.create(
        project=made, number=1, name="1", state=Batch.State.OPEN, size=2, funded_upto=2, created_at=BEGAN
    )
    for position in (1, 2):
        Task.objects.create(
            project=made, batch=batch, position=position, payload={"text": "Bonjour"}, free=0b111
        )
    return made.id


def _ours() -> Project:
    return Project.objects.get(name="Guest reviews")


def _quote(cast: Cast) -> object:
    project = _ours()
    made = {"tasks": 2, "lines": [], "rates": project.rates, "total": 1, "currency": "EUR"}
    return Quote.objects.create(
        project=project, **made, quoted_at=BEGAN, accepted_at=BEGAN, accepted_by=cast.coordinator.account
    ).id


def _question(cast: Cast) -> object:
    return Question.objects.create(
        project=_ours(), member_id=cast.member.account, text="Both?", asked_at=BEGAN
    ).id


def _correction(cast: Cast) -> object:
    """Of the member's yesterday, and large enough to wait."""
    day = (BEGAN - dt.timedelta(days=1)).date()
    charge = own_account(cast)
    return ask_correction(
        day, Kind.TASK, charge, 40 * 60_000, "I was offline", by=cast.member.actor, at=BEGAN
    ).id


def _review(cast: Cast) -> object:
    """In the reviewer's hands. Its number is one that stands nowhere else in a page."""
    task = Task.objects.filter(project=_ours()).earliest("id")
    rate = {"pay": "1.02923900", "pay_currency": "XOF", "charge": "0.00157000"}
    times = {"opened_at": BEGAN, "expires_at": BEGAN}
    versions = {"schema_version": 1, "guideline_version": 1}
    return Review.objects.create(
        id=4_000_000_001,
        project=_ours(),
        task=task,
        reviewer_id=cast.reviewer.account,
        **rate,
        **times,
        **versions,
    ).id


def _raw(cast: Cast) -> object:
    """Of the member's, and nobody could read it."""
    return RawSubmission.objects.create(
        id=4_000_000_002, member_id=cast.member.account, operator=cast.operator, project=_ours(), key=uuid.uuid4(),
        body_hash=b"", body={"sent": "?"}, why="", received_at=BEGAN,
    ).id  # fmt: skip


def _other(cast: Cast) -> object:
    """A second answer of the member's to a task, under the same number."""
    said = {
        "member_id": cast.member.account, "body_hash": b"", "result": [], "schema_version": 1, "guideline_version": 1,
        "submitted_at": BEGAN, "received_at": BEGAN, "revision": 1,
    }  # fmt: skip
    stands = Annotation.objects.create(
        task=Task.objects.filter(project=_ours()).latest("id"), project=_ours(), key=uuid.uuid4(), active_ms=1,
        pay="1.02923900", pay_currency="XOF", **said,
    )  # fmt: skip
    return OtherAnswer.objects.create(id=4_000_000_003, annotation=stands, key=uuid.uuid4(), **said).id


def _media(_: Cast) -> object:
    size = {"size": 10, "width": 1, "height": 1, "original_width": 1, "original_height": 1}
    return Media.objects.create(
        project=_ours(), sha256="0" * 64, content_type="image/webp", name="1.png", **size
    ).id


def _import(cast: Cast) -> object:
    project = _ours()
    batch = Batch.objects.create(project=project, number=2, name="2", created_at=BEGAN)
    asked = {"asked_by": cast.coordinator.account, "asked_at": BEGAN}
    return Import.objects.create(
        project=project, batch=batch, file="imports/none", name="2.csv", size=1, keep="good_rows", **asked
    ).id


def _upload(cast: Cast) -> object:
    """Half of a file."""
    made = begin_upload(_ours().id, "3.csv", 20, by=cast.client_person.actor, at=BEGAN)
    return append_part(
        made.id, 0, b"0" * 10, sha256(b"0" * 10).hexdigest(), by=cast.client_person.actor, at=BEGAN
    ).id


def _export(cast: Cast) -> object:
    project = _ours()
    asked = {"asked_by": cast.coordinator.account, "asked_at": BEGAN}
    return Export.objects.create(
        project=project, what="consensus", format="csv", state=Export.State.DONE, **asked
    ).id


def _payout(cast: Cast) -> object:
    """On its way to the member, out of what she has earned."""
    world = open_account(LedgerAccount.Kind.WORLD, None, "XOF")
    hers = open_account(LedgerAccount.Kind.PAYABLE, cast.member.account, "XOF", owed_by=cast.operator.id)
    post("gift", "gift", [Move(world.id, "XOF", -500), Move(hers.id, "XOF", 500)], by=SYSTEM, at=BEGAN)
    lead(cast.member.account, at=BEGAN, organisation=cast.operator.id)
    return request_payout(uuid.uuid4(), 200, "XOF", by=cast.member.actor, at=BEGAN).id


def _payout_batch(cast: Cast) -> object:
    """Another payout of hers, in the hands of finance."""
    made = request_payout(uuid.uuid4(), 100, "XOF", by=cast.member.actor, at=BEGAN)
    return carry_payouts(uuid.uuid4(), [made.id], by=cast.finance.actor, at=BEGAN).id


def _deposit(cast: Cast) -> object:
    """On the project."""
    ours = _ours()
    assert ours.escrow_id is not None
    by = cast.finance.actor
    return record_deposit(ours.id, ours.escrow_id, 1, ours.currency, "wall", by=by, at=BEGAN)


def _scorecard(_: Cast) -> object:
    made = {"version": 1, "seal": 1, "credential": signed(facts()), "issued_at": BEGAN}
    return ScoreCard.objects.create(project=_ours(), **made).id


def _settlement(cast: Cast) -> object:
    """Of an hour of the member's, at a floor of 400 XOF."""
    Floor.objects.create(
        kind="legal_minimum", country="SN", amount=400, currency="XOF", unit="hour", valid_from=BEGAN.date(),
        source="A law", source_kind="law", licence="fact", checked_on=BEGAN.date(),
    )  # fmt: skip
    TimeEntry.objects.create(
        member_id=cast.member.account, kind="task", source="device", charge=_ours().escrow_id or 0,
        started_at=BEGAN, ended_at=BEGAN, measured_ms=3_600_000, counted_ms=3_600_000, day=BEGAN.date(),
        received_at=BEGAN,
    )  # fmt: skip
    made = settle_day(cast.member.account, BEGAN.date(), at=BEGAN + dt.timedelta(days=2))
    if made is None:
        raise AssertionError("nothing was settled")
    return made.id


def _seal(_: Cast) -> object:
    return seal_all(at=BEGAN + dt.timedelta(days=3)).number


def _evidence(cast: Cast) -> object:
    at = BEGAN + dt.timedelta(days=3)
    return ask_evidence(since=None, until=None, project=None, by=cast.auditor.actor, at=at).id


OBJECTS: dict[str, Callable[[Cast], object]] = {
    "account": lambda cast: cast.member.account,
    "member": lambda cast: cast.member.account,
    "role": lambda _: "member",
    "token": _token,
    "decision": _decision,
    "project": _project,
    "payout": _payout,
    "payout_batch": _payout_batch,
    "rail": lambda _: "cash",
    "form": lambda _: "csv",
    "version": lambda _: "1",
    "quote": _quote,
    "question": _question,
    "review": _review,
    "correction": _correction,
    "media": _media,
    "raw": _raw,
    "other": _other,
    "import_id": _import,
    "export": _export,
    "upload": _upload,
    "task": lambda _: Task.objects.filter(project=_ours()).order_by("id")[0].id,
    "batch": lambda _: Batch.objects.get(project=_ours(), number=1).id,
    "number": _scorecard,
    "ledger_account": lambda _: _ours().escrow_id,
    "ledger_transaction": _deposit,
    "settlement": _settlement,
    "seal": _seal,
    "event": lambda cast: Event.objects.filter(organisation=cast.operator.id).latest("seq").seq,
    "verification": lambda cast: ask_verification(by=cast.auditor.actor, at=BEGAN).id,
    "evidence": _evidence,
    "rows": lambda _: "judgements",
    "client": lambda cast: cast.client.id,
    "secret": lambda _: "no-link",
    "pk": lambda _: 900_001,
}


@kept
def build(cast: Cast) -> World:
    """Everything that OBJECTS names."""
    return World(cast, {name: make(cast) for name, make in OBJECTS.items()})


def may_use(access: Access, actor: Actor) -> bool:
    """What the declaration says, read a second time."""
    rights = (way for way in access.who if isinstance(way, Permission))
    return SIGNED_IN in access.who or any(actor.may(right) for right in rights)

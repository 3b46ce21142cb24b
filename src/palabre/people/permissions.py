"""One table of who may do what."""

from enum import StrEnum

from palabre.people.models import Organisation, Role


class Permission(StrEnum):
    """What an actor may do inside the organisation of her grant."""

    MANAGE_PEOPLE = "people.manage"
    LET_IN = "people.let_in"
    ERASE_PEOPLE = "people.erase"
    MANAGE_PROJECTS = "projects.manage"
    READ_PROJECTS = "projects.read"
    IMPORT_TASKS = "tasks.import"
    ASSIGN_TASKS = "tasks.assign"
    WORK = "work.do"
    # Beside `WORK`, so that a program that may only work can't take her money out.
    ASK_PAYOUT = "money.ask"
    REVIEW = "work.review"
    ANSWER_QUESTIONS = "questions.answer"
    READ_RESULTS = "results.read"
    EXPORT_RESULTS = "results.export"
    DECIDE = "decisions.take"
    ANSWER_APPEALS = "appeals.answer"
    CORRECT_TIME = "time.correct"
    RECORD_DEPOSITS = "money.deposit"
    PAY_OUT = "money.pay_out"
    READ_MONEY = "money.read"
    MANAGE_FLOORS = "floors.manage"
    READ_RECORD = "record.read"
    # Starts verifications and has evidence put together; to read what they found, `READ_RECORD` is enough.
    CHECK_RECORD = "record.check"
    ADMINISTER = "installation.administer"


P = Permission

ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: frozenset({P.WORK, P.ASK_PAYOUT}),
    Role.REVIEWER: frozenset({P.WORK, P.ASK_PAYOUT, P.REVIEW}),
    Role.COORDINATOR: frozenset(
        {
            P.MANAGE_PROJECTS,
            P.READ_PROJECTS,
            P.IMPORT_TASKS,
            P.ASSIGN_TASKS,
            P.ANSWER_QUESTIONS,
            P.READ_RESULTS,
            P.EXPORT_RESULTS,
            P.DECIDE,
            P.CORRECT_TIME,
            # Members only: see `queries.person_to_let_in`.
            P.LET_IN,
        }
    ),
    Role.CLIENT: frozenset(
        {
            P.MANAGE_PROJECTS,
            P.READ_PROJECTS,
            P.IMPORT_TASKS,
            P.ANSWER_QUESTIONS,
            P.READ_RESULTS,
            P.EXPORT_RESULTS,
        }
    ),
    Role.FINANCE: frozenset({P.READ_PROJECTS, P.RECORD_DEPOSITS, P.PAY_OUT, P.READ_MONEY, P.MANAGE_FLOORS}),
    Role.AUDITOR: frozenset({P.READ_PROJECTS, P.READ_RESULTS, P.READ_MONEY, P.READ_RECORD, P.CHECK_RECORD}),
    Role.DELEGATE: frozenset({P.READ_PROJECTS, P.ANSWER_APPEALS, P.READ_RECORD, P.CHECK_RECORD}),
    Role.ADMINISTRATOR: frozenset(Permission) - {P.WORK, P.ASK_PAYOUT, P.REVIEW},
}

# These look and change nothing, start nothing, make nothing: no route that writes is opened by one of them.
READING = frozenset({P.READ_PROJECTS, P.READ_RESULTS, P.READ_MONEY, P.READ_RECORD})

# A client's people are clients only: money, decisions and the record belong to the operator, and a client's
# own administrator would otherwise hold the rights of the whole installation.
HELD_IN: dict[Organisation.Kind, frozenset[Role]] = {
    Organisation.Kind.OPERATOR: frozenset(Role),
    Organisation.Kind.CLIENT: frozenset({Role.CLIENT}),
}

# Who does the work needs a place to live: it decides the floor of her pay and her day.
WORKING = frozenset(role for role in Role if Permission.WORK in ALLOWED[role])

"""Where a project stands on its way from an idea to running work."""

from dataclasses import dataclass

from django.db import connection

from palabre.pay.queries import balance
from palabre.work.models import Project, Quote
from palabre.work.queries.books import deposited

State = Project.State


@dataclass(frozen=True, slots=True)
class Readiness:
    """`schema`, `guideline`: their newest versions, 0 for none. `quote`: the one that was accepted last, if
    it still holds; `asked`: a price was asked for; `paid_in` and `left`: the client's money in minor units;
    `language_said`: by the project, or by its schema for each text that is shown."""

    project: Project
    schema: int
    guideline: int
    tasks: int
    importing: bool
    asked: bool
    quote: Quote | None
    paid_in: int
    left: int
    language_said: bool

    @property
    def is_draft(self) -> bool:
        return self.project.state == State.DRAFT

    @property
    def priced(self) -> bool:
        """Whether the accepted price has the times that hold now."""
        measured = self.project.piloted_at
        if self.quote is None or self.quote.accepted_at is None:
            return False
        return measured is None or self.quote.accepted_at >= measured

    @property
    def missing(self) -> list[str]:
        """What members need before they can start, in the order of the steps: of errors.NEEDS."""
        there = {
            "schema": self.schema > 0,
            "guideline": self.guideline > 0,
            "tasks": self.tasks > 0,
            "quote": self.quote is not None,
            "deposit": self.left > 0,
            "language": self.language_said or not self.is_draft,
        }
        return [name for name, is_there in there.items() if not is_there]

    @property
    def done(self) -> set[str]:
        """The steps that nothing is left to do in."""
        project = self.project
        steps = {
            "purpose": self.language_said or not self.is_draft,
            "questions": self.schema > 0,
            "guideline": self.guideline > 0,
            "data": self.tasks > 0,
            "quality": self.asked,
            "quote": self.priced and self.left > 0,
            "pilot": bool(project.without_pilot) or (project.piloted_at is not None and self.priced),
            "launch": project.launched_at is not None,
        }
        return {name for name, is_done in steps.items() if is_done}


_STANDS = """
SELECT (SELECT coalesce(max(version), 0) FROM work_labelschema WHERE project_id = p.id),
    (SELECT coalesce(max(version), 0) FROM work_guideline WHERE project_id = p.id),
    (SELECT coalesce(sum(b.size - (SELECT count(*) FROM work_task t
        WHERE t.batch_id = b.id AND t.taken_out_at IS NOT NULL)), 0)
     FROM work_batch b WHERE b.project_id = p.id AND b.state IN ('open', 'closed')),
    EXISTS (SELECT FROM work_batch WHERE project_id = p.id AND state = 'importing'),
    EXISTS (SELECT FROM work_quote WHERE project_id = p.id),
    p.language <> '' OR coalesce((SELECT NOT jsonb_path_exists(body, '$.shows[*] ? (@.type != "image" && !exists(@.lang))')
        FROM work_labelschema WHERE project_id = p.id ORDER BY version DESC LIMIT 1), true)
FROM work_project p WHERE p.id = %s
"""


def readiness_of(project: Project) -> Readiness:
    """Four statements; two without an escrow account."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, [project.id])
        schema, guideline, tasks, importing, asked, language_said = cursor.fetchone()
    accepted = project.quotes.filter(accepted_at__isnull=False).order_by("-accepted_at", "-id")
    return Readiness(
        project=project,
        schema=schema,
        guideline=guideline,
        tasks=int(tasks),
        importing=importing,
        asked=asked,
        quote=accepted.first() if project.rates else None,
        paid_in=deposited(project) if project.escrow_id else 0,
        left=balance(project.escrow_id) if project.escrow_id else 0,
        language_said=language_said,
    )

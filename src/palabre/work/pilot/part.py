"""A member's part in a pilot."""

import uuid
from dataclasses import dataclass

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import project_for
from palabre.work.models import Annotation, Guideline, Project
from palabre.work.models.projects import Confirmation


@dataclass(frozen=True, slots=True)
class Part:
    """`answers`: hers so far. `confirmation`: what she said of the newest guideline, if she did."""

    project: Project
    guideline: Guideline
    answers: int
    confirmation: Confirmation | None

    @property
    def running(self) -> bool:
        return self.project.state == Project.State.PILOT

    @property
    def guideline_version(self) -> int:
        return self.guideline.version

    @property
    def ask(self) -> bool:
        """Whether she is to be asked now if the guideline is clear."""
        return self.running and self.answers > 0 and self.confirmation is None


def part_of(by: Actor, project_id: uuid.UUID) -> Part:
    """The member's part in a project that is open to her. Five statements. Raises: NotAllowed, NotFound."""
    project = project_for(by, project_id, Permission.WORK)
    guideline = project.guidelines.order_by("-version").first()
    if guideline is None:
        raise NotFound()
    answers = 0
    if project.state == Project.State.PILOT:
        answers = Annotation.objects.filter(project=project, member=by.account).count()
    said = project.confirmations.filter(member=by.account, guideline_version=guideline.version).first()
    return Part(project, guideline, answers, said)

"""Reads of work on offer to a member."""

from dataclasses import dataclass
from decimal import Decimal

from palabre.people.actor import Actor
from palabre.people.models import Residence
from palabre.work.access import OFFERED, open_to_member
from palabre.work.models import LabelSchema, Project
from palabre.work.pricing import rate_in
from palabre.work.schemas import form_of


@dataclass(frozen=True, slots=True)
class Offer:
    """Work on offer as a member sees it, before she takes any.

    `per_hour` and `per_judgement` are hers, in her currency; the hour is the expected one, and her
    counted time is paid at the floor at least whatever it comes to. `languages`: those of the
    data, as far as the schema or the project says them.
    """

    project: Project
    client_name: str
    currency: str
    per_judgement: Decimal
    per_hour: Decimal
    seconds: Decimal
    languages: tuple[str, ...]


def offers_for(by: Actor) -> list[Offer]:
    """Projects on offer that are open to a member, pilots too, with the pay per hour for her. Four statements."""
    country = Residence.objects.filter(account=by.account).values_list("country", flat=True).first()
    found = list(open_to_member(by, *OFFERED).select_related("client").order_by("launched_at"))
    newest = LabelSchema.objects.filter(project__in=found).order_by("project", "-version").distinct("project")
    languages = {one.project_id: tuple(sorted(form_of(one.body).languages)) for one in newest}
    return [_offer(project, project.rates[country], languages.get(project.id, ())) for project in found]


def offer_of(project: Project, country: str, schema: LabelSchema) -> Offer:
    """One project as a member who lives in `country` is paid for it."""
    return _offer(project, rate_in(project.rates, country), tuple(sorted(form_of(schema.body).languages)))


def _offer(project: Project, rate: dict[str, str], languages: tuple[str, ...]) -> Offer:
    pay = Decimal(rate["pay"])
    return Offer(
        project=project,
        client_name=project.client.name,
        currency=rate["currency"],
        per_judgement=pay,
        per_hour=(pay * 3600 / project.seconds_per_task).quantize(Decimal("0.01")),
        seconds=project.seconds_per_task,
        languages=languages or ((project.language,) if project.language not in {"", "und", "zxx"} else ()),
    )

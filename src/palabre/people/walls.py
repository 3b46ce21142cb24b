"""Whose a person and a client are. Walls follow the payer and the owner of the work, never the person.

Who belongs to two operators is two strangers to them: what is hers as a whole (her account of money, events that name
nobody but her) is read by an operator only where no other one had her. The same of a client that works with several.
"""

import uuid

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from palabre.people.models import Account, Agreement, Grant, Organisation

OPERATOR = Organisation.Kind.OPERATOR

# Accounts with a role, standing or ended, at the operator %(here)s and at no other one.
ONLY_HERE = """(
    SELECT g.account_id FROM people_grant g WHERE g.organisation_id = %(here)s AND NOT EXISTS (
        SELECT FROM people_grant e JOIN people_organisation o ON o.id = e.organisation_id
        WHERE e.account_id = g.account_id AND e.organisation_id <> %(here)s AND o.kind = 'operator'))"""
# Clients that agreed to work with the operator %(here)s and with no other one.
CLIENTS_ONLY_HERE = """(
    SELECT c.client_id FROM people_agreement c WHERE c.operator_id = %(here)s AND NOT EXISTS (
        SELECT FROM people_agreement e WHERE e.client_id = c.client_id AND e.operator_id <> %(here)s))"""


def only_here(organisation: uuid.UUID | None) -> QuerySet[Account]:
    """The same accounts, for a query."""
    elsewhere = Grant.objects.filter(account=OuterRef("pk"), organisation__kind=OPERATOR)
    here = Grant.objects.filter(account=OuterRef("pk"), organisation=organisation)
    return Account.objects.filter(Exists(here), ~Exists(elsewhere.exclude(organisation=organisation)))


def kept_here(organisation: uuid.UUID | None, account: str = "pk") -> Q:
    """For a query: the organisation keeps the account at the path `account`.

    Where she holds a role now; or, where all her roles have ended, where the last one did. Somebody who went on to
    another organisation is a stranger to the one before.
    """
    standing = Grant.objects.filter(account=OuterRef(account), revoked_at=None)
    later = Grant.objects.filter(account=OuterRef("account"), revoked_at__gt=OuterRef("revoked_at"))
    last = Grant.objects.filter(
        account=OuterRef(account), organisation=organisation, revoked_at__isnull=False
    )
    return Q(Exists(standing.filter(organisation=organisation))) | (
        ~Q(Exists(standing)) & Q(Exists(last.filter(~Exists(later))))
    )


def keeps(account: uuid.UUID, organisation: uuid.UUID | None) -> bool:
    """Whether the organisation keeps one account. One statement."""
    return Account.objects.filter(kept_here(organisation), id=account).exists()


def agreed(client: uuid.UUID, operator: uuid.UUID) -> bool:
    """Whether the client works with the operator."""
    return Agreement.objects.filter(client=client, operator=operator).exists()


def partners_of(organisation: Organisation) -> list[tuple[uuid.UUID, str]]:
    """Ids and names of those that a client works with, or that work with an operator, by name. One statement."""
    side = "operator" if organisation.kind == OPERATOR else "client"
    other = "client" if side == "operator" else "operator"
    rows = Agreement.objects.filter(**{side: organisation}).annotate(name=F(f"{other}__name"))
    return list(rows.order_by("name").values_list(f"{other}_id", "name"))

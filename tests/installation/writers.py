"""Adds people to an installation, one transaction each with its event, and works its jobs off, until it is killed."""

import itertools
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palabre.django_settings")


def work() -> None:
    from palabre.installation.jobs import run_once
    from palabre.people.actions import PersonalFields, add_person
    from palabre.people.actor import SYSTEM
    from palabre.people.models import Organisation, Role
    from palabre.times import system_clock

    operator = Organisation.objects.get(kind=Organisation.Kind.OPERATOR)
    for number in itertools.count():
        add_person(
            PersonalFields(name=f"Person {number}", email=f"p{number}@maison.example", phone=None),
            language="fr",
            roles=[Role.FINANCE],
            organisation=operator.id,
            by=SYSTEM,
            at=system_clock.now(),
        )
        if number == 20:
            print("writing", flush=True)
        if number % 20 == 0:
            run_once(system_clock)


if __name__ == "__main__":
    django.setup()
    work()

"""Which of the room's tables the record holds."""

from palabre.people.models import (
    Account,
    Agreement,
    EarlierResidence,
    Grant,
    Link,
    Organisation,
    PersonalData,
    Residence,
    Session,
    Token,
    Try,
)
from palabre.record.held import Held, NotHeld

TABLES: list[Held | NotHeld] = [
    Held(Organisation),
    Held(
        Account,
        without={
            "password": "a secret, and no figure rests on it",
            "last_login": "when somebody came in; no figure rests on it",
            "language": "in which she reads; no figure rests on it",
            "record_key": "the key under which words are digested here",
        },
    ),
    Held(Residence),
    Held(EarlierResidence),
    Held(Grant),
    NotHeld(
        Agreement, "who may name whom; no money and no figure rests on it, and its event says who agreed"
    ),
    NotHeld(Try, "how often somebody tried to come in; it goes after a day"),
    NotHeld(PersonalData, "who she is: nothing of it may be in the record, not even as a digest"),
    NotHeld(Token, "a key; what is done with it is recorded where it is done"),
    NotHeld(Session, "where she is signed in; deleted when she signs out"),
    NotHeld(Link, "a key, used once; what it opened is recorded there"),
]

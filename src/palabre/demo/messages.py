"""Messages of guests before their journey, written for the sample: each speaks of one or two things."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, product
from random import Random

TOPICS = ("room", "meals", "price", "transport", "activities")
_FRENCH = {
    "room": (
        "est-il possible d’avoir une chambre au rez-de-chaussée",
        "les chambres ont-elles une moustiquaire",
        "peut-on ajouter un lit pour un enfant de quatre ans",
        "la chambre donne-t-elle sur la rue ou sur le jardin",
    ),
    "meals": (
        "le petit déjeuner peut-il être servi avant six heures",
        "proposez-vous des plats sans arachide",
        "peut-on commander un repas pour dix personnes",
        "y a-t-il de l’eau filtrée dans la salle à manger",
    ),
    "price": (
        "le prix est-il le même en semaine",
        "faut-il payer la moitié d’avance",
        "la taxe de séjour est-elle comprise",
        "accordez-vous une réduction aux étudiants",
    ),
    "transport": (
        "quelqu’un peut-il nous attendre à la gare",
        "la navette passe-t-elle encore après minuit",
        "où peut-on garer un minibus",
        "combien de temps faut-il depuis l’aéroport",
    ),
    "activities": (
        "la sortie en pirogue a-t-elle lieu s’il pleut",
        "à partir de quel âge peut-on monter à cheval",
        "y a-t-il un guide qui parle allemand",
        "peut-on réserver le cours de cuisine pour le mardi",
    ),
}
_ENGLISH = {
    "room": (
        "could we have a room on the ground floor",
        "do the rooms have mosquito nets",
        "can you add a bed for a child of four",
        "does the room look onto the street or the garden",
    ),
    "meals": (
        "can breakfast be served before six",
        "do you have dishes without peanuts",
        "may we order a dinner for ten",
        "is there filtered water in the dining room",
    ),
    "price": (
        "is the price the same on weekdays",
        "do we pay half of it in advance",
        "is the visitors’ tax included",
        "is there a reduction for students",
    ),
    "transport": (
        "can somebody meet us at the station",
        "does the shuttle still run after midnight",
        "where can we park a minibus",
        "how long does it take from the airport",
    ),
    "activities": (
        "does the boat trip take place when it rains",
        "from what age may children ride",
        "is there a guide who speaks German",
        "can we book the cooking class for Tuesday",
    ),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One text, its language, and what it was written to be about."""

    text: str
    language: str
    topics: tuple[str, ...]


def messages(count: int, seed: int = 5) -> list[Message]:
    """`count` different messages, half in each language, in a drawn order that is always the same."""
    chance = Random(seed)  # noqa: S311 (a drawn sample, no secret)
    french = _composed("fr", _FRENCH, "Bonjour, {} ?", "Bonjour, {} ? Et {} ?")
    english = _composed("en", _ENGLISH, "Hello, {}?", "Hello, {}? And {}?")
    chosen = chance.sample(french, count // 2) + chance.sample(english, count - count // 2)
    chance.shuffle(chosen)
    return chosen


def _composed(language: str, parts: Mapping[str, tuple[str, ...]], one: str, two: str) -> list[Message]:
    single = [Message(one.format(part), language, (topic,)) for topic in TOPICS for part in parts[topic]]
    double = [
        Message(two.format(first, second), language, (a, b))
        for a, b in combinations(TOPICS, 2)
        for first, second in product(parts[a], parts[b])
    ]
    return single + double

"""Guest reviews, written for the sample: parts that fit together, drawn with a fixed seed.

Each review has the label that it was written to have; the drawn members mostly find it again.
"""

from dataclasses import dataclass
from itertools import product
from random import Random

LABELS = ("positive", "negative", "mixed", "neutral")


@dataclass(frozen=True, slots=True)
class Review:
    """One text, its language, and the label that it was written for."""

    text: str
    language: str
    label: str


_PLACES_EN = (
    "the guesthouse by the lagoon",
    "the small hotel near the market",
    "the lodge at the edge of the park",
    "the family inn on the hill",
    "the beach bungalow",
    "the boat trip to the islands",
    "the city walk with the guide",
    "the cooking class",
    "the restaurant on the square",
    "the night bus to the coast",
    "the museum in the old town",
    "the horse ride along the river",
)
_GOOD_EN = (
    "the welcome was warm and nobody hurried us",
    "the room was spotless and quiet",
    "breakfast was generous, with fresh fruit every day",
    "our guide knew every bird by its name",
    "the price was fair and announced in advance",
    "they found a doctor for my son within the hour",
    "the view alone is worth the journey",
    "we left with the recipe and three new friends",
    "everything started on time",
    "the staff remembered our names",
)
_BAD_EN = (
    "the shower stayed cold for three days",
    "they charged us twice and argued about it",
    "the noise went on until four in the morning",
    "our booking had been given to somebody else",
    "the food was cold and the plates were not clean",
    "nobody answered the phone when we were lost",
    "the pictures on the site are of another place",
    "we waited two hours without a word of excuse",
    "the air conditioning leaked onto the bed",
    "the safety vests were torn",
)
_FACT_EN = (
    "there are twelve rooms on two floors",
    "it opens at eight and closes at six",
    "payment is by card or mobile money",
    "it lies twenty minutes on foot from the station",
    "children under six travel free",
    "the tour takes about three hours",
    "breakfast is served until ten",
    "the car park is across the road",
)
_PLACES_FR = (
    "la maison d’hôtes au bord de la lagune",
    "le petit hôtel près du marché",
    "le campement à l’entrée du parc",
    "l’auberge familiale sur la colline",
    "le bungalow sur la plage",
    "la sortie en pirogue vers les îles",
    "la visite de la ville avec le guide",
    "le cours de cuisine",
    "le restaurant de la place",
    "le car de nuit vers la côte",
    "le musée de la vieille ville",
    "la promenade à cheval le long du fleuve",
)
_GOOD_FR = (
    "l’accueil était chaleureux et sans hâte",
    "la chambre était impeccable et calme",
    "le petit déjeuner était copieux, avec des fruits frais chaque jour",
    "notre guide connaissait chaque oiseau par son nom",
    "le prix était juste et annoncé à l’avance",
    "on nous a trouvé un médecin en moins d’une heure",
    "la vue vaut à elle seule le voyage",
    "nous sommes repartis avec la recette et trois nouveaux amis",
    "tout a commencé à l’heure",
    "l’équipe se souvenait de nos prénoms",
)
_BAD_FR = (
    "la douche est restée froide pendant trois jours",
    "on nous a fait payer deux fois, puis on a discuté",
    "le bruit a duré jusqu’à quatre heures du matin",
    "notre réservation avait été donnée à quelqu’un d’autre",
    "les plats étaient froids et les assiettes mal lavées",
    "personne n’a répondu au téléphone quand nous étions perdus",
    "les photos du site montrent un autre endroit",
    "nous avons attendu deux heures sans un mot d’excuse",
    "la climatisation gouttait sur le lit",
    "les gilets de sauvetage étaient déchirés",
)
_FACT_FR = (
    "il y a douze chambres sur deux étages",
    "c’est ouvert de huit heures à dix-huit heures",
    "on paie par carte ou par téléphone",
    "c’est à vingt minutes à pied de la gare",
    "les enfants de moins de six ans voyagent gratuitement",
    "la visite dure environ trois heures",
    "le petit déjeuner est servi jusqu’à dix heures",
    "le parking se trouve de l’autre côté de la rue",
)


def reviews(count: int = 400, seed: int = 7) -> list[Review]:
    """`count` different reviews, half in each language, in a drawn order that is always the same."""
    chance = Random(seed)  # noqa: S311 (a drawn sample, no secret)
    english = _composed(
        "en", _PLACES_EN, _GOOD_EN, _BAD_EN, _FACT_EN, "About {0}: {1}, and {2}.", "About {0}: {1}, but {2}."
    )
    french = _composed(
        "fr", _PLACES_FR, _GOOD_FR, _BAD_FR, _FACT_FR, "{0} : {1}, et {2}.", "{0} : {1}, mais {2}."
    )
    chosen = _drawn(english, count // 2, chance) + _drawn(french, count - count // 2, chance)
    chance.shuffle(chosen)
    return chosen


def _composed(
    language: str,
    places: tuple[str, ...],
    good: tuple[str, ...],
    bad: tuple[str, ...],
    facts: tuple[str, ...],
    both: str,
    against: str,
) -> dict[str, list[Review]]:
    """Every review of each label that the parts make."""

    def made(label: str, form: str, first: tuple[str, ...], second: tuple[str, ...]) -> list[Review]:
        texts = (
            form.format(place, one, other)
            for place, one, other in product(places, first, second)
            if one != other
        )
        return [Review(text[0].upper() + text[1:], language, label) for text in texts]

    return {
        "positive": made("positive", both, good, good),
        "negative": made("negative", both, bad, bad),
        "mixed": made("mixed", against, good, bad),
        "neutral": made("neutral", both, facts, facts),
    }


# Out of every ten reviews.
_SHARES = {"positive": 4, "negative": 3, "mixed": 2, "neutral": 1}


def _drawn(pool: dict[str, list[Review]], count: int, chance: Random) -> list[Review]:
    chosen: list[Review] = []
    for label, share in _SHARES.items():
        chosen += chance.sample(pool[label], count * share // 10)
    missing = count - len(chosen)
    return chosen + chance.sample([one for one in pool["positive"] if one not in chosen], missing)

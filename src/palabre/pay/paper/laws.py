"""The laws behind the floors that come with Palabre, as people read them: in their language, without our notes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# As `data/floors.csv` keeps them, with what was noted while they were looked up. What an operator imports is shown
# as it wrote it.
_LAWS: dict[str, Promise] = {
    "Decree 2023-1710 of July 2023 (the day was not read: its last one stands here); non-agricultural": _(
        "Decree 2023-1710 of July 2023"
    ),
    "Decree 2023-1710 of July 2023 (the day was not read: its last one stands here); agricultural": _(
        "Decree 2023-1710 of July 2023, agriculture"
    ),
    "Decree 2025-1228 of 17 December 2025": _("Decree 2025-1228 of 17 December 2025"),
    "Decree 2023/00338/PM of 21 March 2023; other sectors": _("Decree 2023/00338/PM of 21 March 2023"),
    "Decree 2023/00338/PM of 21 March 2023; agriculture": _(
        "Decree 2023/00338/PM of 21 March 2023, agriculture"
    ),
    "Decree 2023/00338/PM of 21 March 2023; State agents under the Labour Code": _(
        "Decree 2023/00338/PM of 21 March 2023, agents of the State"
    ),
    "Decree of 23 February 2024; State agents under the Labour Code": _(
        "Decree of 23 February 2024, agents of the State"
    ),
    "Cabinet of 21 December 2022 (decree not read)": _("Council of Ministers of 21 December 2022"),
    "Cabinet of 7 December 2022 (decree not read)": _("Council of Ministers of 7 December 2022"),
    "Decree 2024-794 (not read); non-agricultural": _("Decree 2024-794"),
    "Legal Notices 163 and 164 of 2024 (not read); lowest urban grade; Nairobi": _(
        "Legal Notices 163 and 164 of 2024, Nairobi"
    ),
    "Legal Notices 163 and 164 of 2024 (not read); lowest urban grade; Mombasa": _(
        "Legal Notices 163 and 164 of 2024, Mombasa"
    ),
    "National Minimum Wage Act as amended on 29 July 2024 (not read)": _(
        "National Minimum Wage Act, as amended on 29 July 2024"
    ),
}

# The fixed parities, as `data/exchange_rates.csv` keeps them.
_PARITIES: dict[str, Promise] = {
    "Fixed parity: 1 EUR = 6.55957 FRF (Council Regulation (EC) No 2866/98) and 1 FRF = 100 CFA francs "
    "(since 12 January 1994); kept by Council Decision 98/683/EC": _(
        "fixed parity (Council Decision 98/683/EC)"
    ),
}


def rate_source(source: str) -> str:
    """Who says an exchange rate, in the reader's language where it came with Palabre; else as it was written."""
    return str(_PARITIES.get(source, source))


def law(legal_ref: str, source: str) -> str:
    """The law that a floor is from, or where there is none the source."""
    return str(_LAWS.get(legal_ref, legal_ref or source))

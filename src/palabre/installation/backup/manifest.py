"""What a backup says of itself."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from palabre.installation.backup.errors import NoBackup

NAME, DUMP, FORMAT = "palabre.json", "database.dump", 1
# Folders of PALABRE_HOME that a return needs: `media` is where every file is kept that people sent or fetch.
FOLDERS = ("keys", "media")


@dataclass(frozen=True, slots=True)
class Manifest:
    """`parts`: SHA-256 of each file by its name. `head`: number and root of the newest seal, or nothing."""

    version: str
    made_at: str
    server: str
    head: Mapping[str, str | int]
    parts: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def written(self) -> bytes:
        return json.dumps(asdict(self), indent=2, sort_keys=True).encode()


def read(content: bytes) -> Manifest:
    """Raises: NoBackup."""
    try:
        found = Manifest(**json.loads(content))
    except (ValueError, TypeError):
        raise NoBackup from None
    if found.format != FORMAT:
        raise NoBackup
    return found

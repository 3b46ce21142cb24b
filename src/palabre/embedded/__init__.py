"""The embedded PostgreSQL: a real server, its files under PALABRE_HOME, started and stopped with the program.

Only the programs of the wheel are used; starting, attaching and stopping is done here (docs/decisions/001).
"""

from palabre.embedded.cluster import PROGRAM, Cluster
from palabre.embedded.errors import EmbeddedDatabaseError
from palabre.embedded.place import Place

__all__ = ["PROGRAM", "Cluster", "EmbeddedDatabaseError", "Place"]

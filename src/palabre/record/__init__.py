"""The spine: an append-only record of time, money and decisions, sealed and signed."""

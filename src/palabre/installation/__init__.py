"""One installation at work: its parts as processes, its background jobs, its own examination."""

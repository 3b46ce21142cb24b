"""Pages of the client's project: its set-up, and what members and coordinators see of it."""

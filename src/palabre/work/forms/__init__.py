"""Forms of the room's pages."""

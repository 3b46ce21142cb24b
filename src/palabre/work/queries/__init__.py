"""Reads of the room, for whole lists, in a counted number of statements, cut by noun."""

"""A member's statement as she reads it: in her language, as a sheet of paper or a table."""

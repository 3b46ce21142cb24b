"""Handing out tasks. `claim.sql` is the one statement that does it; `claim.py` runs it."""

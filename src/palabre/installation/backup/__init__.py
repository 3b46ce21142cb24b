"""One file that holds an installation: made while it runs, checked, and put back on an empty machine.

The file is a tar: `palabre.json` (what is in it, with the SHA-256 of each part), the database as `pg_dump` writes it,
keys and files. It holds keys and personal data: it is readable by its owner only, and is to be kept like a key.
"""

"""Accounts, organisations, roles, tokens, and personal data apart from everything else."""

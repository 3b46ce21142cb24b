"""Ledger, floors, base pay, settlement, statements. Knows accounts, not projects."""

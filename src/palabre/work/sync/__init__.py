"""What a device sends: answers, skips, questions and time; one status for each item.

`items.py` reads, `facts.py` asks the database once, `judge.py` decides without it, `write.py`
writes. `work.actions.sync` is the verb that puts them together in one transaction.
"""

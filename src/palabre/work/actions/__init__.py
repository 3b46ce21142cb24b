"""The verbs of a project: the only code that writes its tables."""

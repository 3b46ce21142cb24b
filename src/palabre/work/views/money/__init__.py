"""Money as finance and auditors see it, wherever it belongs to a project."""

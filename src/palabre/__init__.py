"""Palabre: data labelling that is good to the people who do it."""

__version__ = "0.1.0"

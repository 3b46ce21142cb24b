"""What is done with clients' files."""

from palabre.exchange.actions.exports import ask_export, run_export
from palabre.exchange.actions.imports import ask_import, cancel_import, run_import

__all__ = ["ask_export", "ask_import", "cancel_import", "run_export", "run_import"]

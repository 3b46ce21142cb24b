"""Setting a project up in the browser: where it stands, its questions without code, ready beginnings."""

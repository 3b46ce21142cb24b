"""The administrator's pages about the installation itself, and what a person may take with her."""

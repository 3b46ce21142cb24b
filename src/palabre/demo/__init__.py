"""The sample campaign: a tourism academy sorts guest reviews. Only in demo mode."""

"""ScoreCards: what a project did for the people who worked on it, signed."""

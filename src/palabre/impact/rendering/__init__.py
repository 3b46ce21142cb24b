"""A ScoreCard for people: the same words and figures as a page and as one sheet of paper."""

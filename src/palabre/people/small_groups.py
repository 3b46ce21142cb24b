"""Members of a small group could be recognised in a figure over it, by a colleague who knows the others."""

# From so many people on, a figure over them is shown or published.
FEWEST = 5

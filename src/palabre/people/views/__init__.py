"""Coming in, and what a person sees and sets about herself."""

"""Pages about money: a member's own, and what finance sees."""

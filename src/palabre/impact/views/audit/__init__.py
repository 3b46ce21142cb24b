"""Pages of auditors, who read everything and change nothing."""

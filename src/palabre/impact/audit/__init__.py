"""What auditors do: browse the record, go from a figure to its rows, verify, take evidence away."""

"""A campaign that happened elsewhere, taken through the same actions as live work."""

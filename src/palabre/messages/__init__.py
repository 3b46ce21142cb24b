"""What is said to people outside of the pages: an outbox, and the channels that carry it."""

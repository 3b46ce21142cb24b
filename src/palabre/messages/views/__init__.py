"""Pages of invitations, links and the outbox."""

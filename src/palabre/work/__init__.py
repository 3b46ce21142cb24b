"""Client projects, quotes, batches, schemas, guidelines, tasks, leases and annotations."""

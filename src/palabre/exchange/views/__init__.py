"""Pages of the room: data in, results out."""

"""The room over HTTP: for clients and operators, for the pilot, and for the devices of members."""

"""The long fault runs: seed, tries and failures are printed."""

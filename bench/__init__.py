"""The budgets, measured. `./run bench` lists each figure beside its own."""

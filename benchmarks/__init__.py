"""One file per claim, peers side by side in one run; `results/` holds the tables of the docs."""

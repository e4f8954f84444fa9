"""The commands of an organiser: what is checked, written, released and imported."""

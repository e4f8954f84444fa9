"""Demos: one file each, found by being here. They show; `rostra.live` and `robustlib` compute."""

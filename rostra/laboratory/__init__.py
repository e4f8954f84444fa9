"""The laboratory at the command line: `commands` compute, `printing` shows how far and what came.

Importing it needs no torch.
"""

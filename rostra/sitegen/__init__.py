"""The site generator: entries in, files out. Knows no tensors.

Floors, from the top: `plugin`, `channels`, `render`, `filters`, `programme`, `entries`.
"""

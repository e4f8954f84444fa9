"""Linters: what a standard says about a finished file, checked on its bytes.

They know nothing of what wrote the file, so that a fault of a library is found as well as ours.
"""

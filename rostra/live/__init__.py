"""Site and demos on one port: `server` serves both; the other files are what demos are made of.

Importing this package, or `server`, needs neither torch nor gradio.
"""

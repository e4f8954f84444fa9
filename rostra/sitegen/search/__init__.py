"""Search that finds Chinese inside words, and fetches little of a large site.

`pages` reads finished pages, `terms` cuts texts and queries, `index` writes the files that
theme/assets/javascripts/search-index.js looks into, and `reader` looks into them as it does.
"""

"""Attacks, one a file: `attacks["pgd"]` is the function `pgd` of `pgd.py`.

How to add one stands in `robustlib/attacks/_base.py`.
"""

from robustlib.catalog import Catalog
from robustlib.questions import Attack

attacks: Catalog[Attack] = Catalog(__name__)

"""What is known for certain, asked of any library's attacks: one case a file.

    python -m robustlib.conformance robustlib:pgd foolbox:LinfPGD

Models whose nearest adversarial examples are known exactly, and promises that need no model: a
case tells of one attack whether it is kept, with the figure that shows it.
"""

from robustlib.catalog import Catalog
from robustlib.conformance._base import Case

cases: Catalog[Case] = Catalog(__name__)

"""Common corruptions, one a file: `corruptions["fog"]` is the function `fog` of `fog.py`.

How to add one stands in `robustlib/corruptions/_base.py`.
"""

from typing import TYPE_CHECKING

from robustlib.catalog import Catalog

if TYPE_CHECKING:
    from robustlib.corruptions._base import Corruption

corruptions: Catalog["Corruption"] = Catalog(__name__)

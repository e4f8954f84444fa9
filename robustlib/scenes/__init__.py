"""Scenes that a texture is seen in, one a file: `scenes["turntable"]` is that of `turntable.py`.

How to add one stands in `robustlib/scenes/_base.py`.
"""

from typing import TYPE_CHECKING

from robustlib.catalog import Catalog

if TYPE_CHECKING:
    from robustlib.scenes._base import Scene

scenes: Catalog["Scene"] = Catalog(__name__)

"""Training: each objective a pure function of a model and a batch; one loop for all of them."""

from typing import TYPE_CHECKING

from robustlib.catalog import Catalog

if TYPE_CHECKING:
    from robustlib.training._base import Objective

training: Catalog["Objective"] = Catalog(__name__)

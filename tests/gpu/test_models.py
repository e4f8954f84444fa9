"""What models promise, again on the device."""

from tests.robustlib.models.test_contract import *  # noqa: F403

"""What corruptions promise, again on the device."""

from tests.robustlib.corruptions.test_contract import *  # noqa: F403

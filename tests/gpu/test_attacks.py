"""What attacks promise, again on the device."""

from tests.robustlib.attacks.test_contract import *  # noqa: F403

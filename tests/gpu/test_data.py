"""What data promise, again on the device."""

from tests.robustlib.data.test_contract import *  # noqa: F403

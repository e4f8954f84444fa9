"""What scenes promise, again on the device."""

from tests.robustlib.scenes.test_contract import *  # noqa: F403

"""Whether submissions are run in the sandbox: wherever this machine has one."""

import pytest

from rnnlib.grading.sandbox import available


@pytest.fixture(scope="session")
def sandbox():
    """Whether there is a sandbox. What is tried here has to fail without one, too."""
    return available() is None


@pytest.fixture(scope="session")
def in_sandbox():
    """For attacks that nothing but a sandbox withstands."""
    if reason := available():
        pytest.skip(f"needs the sandbox: {reason}")
    return True

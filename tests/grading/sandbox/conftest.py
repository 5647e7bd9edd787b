"""Kernels in the sandbox, each with code to run; one warmed-up process for all of them."""

import pytest

from rnnlib.grading.sandbox import Limits, SandboxedKernelManager, available
from rnnlib.grading.sandbox.limits import MIB
from rnnlib.grading.verification.kernel import Kernel, now

SMALL = Limits(memory=300 * MIB, processes=24, file_size=2 * MIB, scratch_size=4 * MIB)


class Sandboxed:
    """A kernel that runs code and says what it printed, and how it ended."""

    def __init__(self, limits=SMALL, withheld=(), folder=None):
        self.manager = SandboxedKernelManager(limits=limits, withheld=list(withheld))
        now(self.manager.start_kernel, **({"cwd": str(folder)} if folder else {}))
        self.kernel = Kernel(self.manager)
        self.outcome = None

    def run(self, code, seconds=20.0):
        heard = []
        self.outcome = self.kernel.execute(
            code, seconds=seconds, largest=10**6, listen=heard.append
        )
        said = []
        for message in heard:
            content = message["content"]
            said.append(content.get("text") or content.get("data", {}).get("text/plain", ""))
            if "ename" in content:
                said.append(f"{content['ename']}: {content['evalue']}")
        return "".join(said).strip()


@pytest.fixture
def sandboxed():
    """Start kernels; they are ended with the test."""
    if (reason := available()) is not None:
        pytest.skip(f"needs a sandbox: {reason}")
    started = []

    def start(**settings):
        started.append(Sandboxed(**settings))
        return started[-1]

    yield start
    for one in started:
        one.kernel.close()

"""A kernel that is started to see whether the sandbox holds."""

from __future__ import annotations

from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_core.utils import run_sync

from rnnlib.grading.sandbox.limits import Limits
from rnnlib.grading.sandbox.manager import SandboxedKernelManager


def evaluate(expression: str, limits: Limits) -> dict[str, Any]:
    """What a fresh sandboxed kernel makes of a Python expression: Jupyter's own answer.

    Raises:
        RuntimeError: The kernel does not start or does not answer.
    """
    manager = SandboxedKernelManager(limits=limits)
    run_sync(manager.start_kernel)()
    client = BlockingKernelClient(**manager.get_connection_info(session=True))
    client.start_channels(hb=False)
    try:
        client.wait_for_ready(timeout=30)
        request = client.execute("", user_expressions={"it": expression})
        while (reply := client.get_shell_msg(timeout=30))["parent_header"]["msg_id"] != request:
            pass
        answer: dict[str, Any] = reply["content"]["user_expressions"]["it"]
        return answer
    finally:
        client.stop_channels()
        run_sync(manager.shutdown_kernel)(now=True)


def memory_is_limited(limits: Limits) -> bool:
    """Whether a kernel that asks for more memory than it may have is refused it."""
    answer = evaluate(f"bytearray({2 * limits.memory})[0]", limits)
    return answer.get("ename") == "MemoryError"

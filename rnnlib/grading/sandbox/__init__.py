"""Where students' code runs: kernels that see nothing, reach nothing and take no more than allowed.

Every kernel is forked from a warmed-up process inside bubblewrap, and has namespaces, folders and
limits of its own. It has no network, sees no file of the course, no other kernel and no process but
its own, and rnnlib without what the exercises ask for.
"""

from rnnlib.grading.sandbox.bubblewrap import available
from rnnlib.grading.sandbox.doctor import Finding, doctor
from rnnlib.grading.sandbox.limits import Limits
from rnnlib.grading.sandbox.manager import SandboxedKernelManager

__all__ = ["Finding", "Limits", "SandboxedKernelManager", "available", "doctor"]

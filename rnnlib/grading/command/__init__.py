"""The command line: `rnnlib grade`, `rnnlib doctor`, `rnnlib preflight`."""

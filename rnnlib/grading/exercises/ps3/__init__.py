"""Problem set 3: why gradients vanish and explode, and what is done about it."""

"""Problem set 1: the forward equations, from one step to a loss, and what is read out when."""

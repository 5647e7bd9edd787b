"""Problem set 4: long short-term memory, forward and backward."""

"""What runs inside bubblewrap: the warmed-up process, and how it shuts a kernel off from the rest.

Of this room of the grader the sandbox sees these files alone.
"""

"""Where the student's function is: it is called, heard out, timed, and its answers are read."""

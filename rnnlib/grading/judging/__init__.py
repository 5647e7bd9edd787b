"""Where the references are: answers are compared, explained and given points."""

"""The exercises: one folder a problem set, one file an exercise."""

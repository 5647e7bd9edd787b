"""Exact inference in a hidden Markov model."""

"""Experiments of the lectures as functions, in seconds on two cores.

Where anything is random, with several seeds and their spread.
"""

"""Experiments of the lectures as functions, each with seeds and spread, in seconds on two cores."""

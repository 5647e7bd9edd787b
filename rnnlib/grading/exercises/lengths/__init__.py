"""Sequences of unequal length in one batch: what is padding changes no state and no gradient."""

"""The gated recurrent unit, forward and backward."""

"""Problem set 2: backpropagation through time in the plain recurrent network."""

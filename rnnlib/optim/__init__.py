"""Steps down the gradient: SGD, momentum, Adam, on any tree of arrays.

    state         = optimizer.init(params)
    params, state = optimizer.step(params, gradients, state)

An optimizer is configuration and holds no arrays; what it remembers is the state that it is handed
and hands back, a tree as well. Nothing is changed in place. Each takes the same steps as its
namesake in torch.optim.

Sources: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964);
Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013;
Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, Algorithm 1.
"""

from rnnlib.optim.adam import Adam, AdamState
from rnnlib.optim.descent import SGD, Momentum, Optimizer
from rnnlib.optim.of_torch import TorchOptimizer

__all__ = ["SGD", "Adam", "AdamState", "Momentum", "Optimizer", "TorchOptimizer"]

"""Looking at gradients: checked by finite differences, followed through time, and clipped.

    J     = gradients.step_jacobians(cell, params, tape)        # ∂s_t/∂s_{t-1} at every step
    norms = gradients.spectral_norms(J)                         # ‖∂s_T/∂s_{T-k}‖₂ against the lag k
    norms = gradients.gradient_norms(cell, params, tape, v)     # ‖(∂s_T/∂s_{T-k})ᵀ v‖, cheaply

| room        | what it holds                                                            |
|-------------|--------------------------------------------------------------------------|
| `numerical` | gradients by finite differences, which every derivation is held against  |
| `jacobians` | the Jacobian of a step, of any cell                                      |
| `lags`      | products of Jacobians over many steps, the gradient's norm at each lag   |
| `spectrum`  | singular values, spectral radius, departure from normality               |
| `clipping`  | by norm, which keeps the direction, and by value, which does not         |
"""

from rnnlib.gradients.clipping import clip_by_norm, clip_by_value, global_norm
from rnnlib.gradients.jacobians import side_by_side, step_jacobian, step_jacobians
from rnnlib.gradients.lags import gradient_norms, jacobian_between, lag_jacobians, spectral_norms
from rnnlib.gradients.numerical import numerical_gradient, relative_error
from rnnlib.gradients.spectrum import henrici_departure, singular_values, spectral_radius

__all__ = [
    "clip_by_norm",
    "clip_by_value",
    "global_norm",
    "gradient_norms",
    "henrici_departure",
    "jacobian_between",
    "lag_jacobians",
    "numerical_gradient",
    "relative_error",
    "side_by_side",
    "singular_values",
    "spectral_norms",
    "spectral_radius",
    "step_jacobian",
    "step_jacobians",
]

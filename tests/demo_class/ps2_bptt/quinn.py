"""Squeezes its results: the axes of one sequence, and of one step, are gone."""

# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh * (1 - h**2)
    return np.squeeze(da @ U), np.squeeze(da @ W), da.T @ x, da.T @ h_prev, da.sum(axis=0)


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    dx, dU, dW, db = np.zeros_like(x), 0.0, 0.0, 0.0
    carry = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        h_prev = h[t - 1] if t > 0 else h0
        da = (dh[t] + carry) * (1 - h[t] ** 2)
        dx[t], carry = da @ U, da @ W
        dU, dW, db = dU + da.T @ x[t], dW + da.T @ h_prev, db + da.sum(axis=0)
    return dx.squeeze(), carry.squeeze(), dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    return do @ V, np.einsum("tbk,tbh->kh", do, h), do.sum(axis=(0, 1))

"""= for +=: the parameters keep the gradient of the first step only."""

# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh * (1 - h**2)
    return da @ U, da @ W, da.T @ x, da.T @ h_prev, da.sum(axis=0)


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    dx = np.zeros_like(x)
    dh_next = np.zeros_like(h0)
    for t in reversed(range(x.shape[0])):
        h_prev = h[t - 1] if t > 0 else h0
        dx[t], dh_next, dU, dW, db = rnn_step_backward(dh[t] + dh_next, x[t], h_prev, h[t], U, W)
    return dx, dh_next, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    return do @ V, np.einsum("tbk,tbh->kh", do, h), do.sum(axis=(0, 1))

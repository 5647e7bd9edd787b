"""Reads Wy, a variable of an earlier notebook, instead of the argument V."""

# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh * (1 - h**2)
    return da @ U, da @ W, da.T @ x, da.T @ h_prev, da.sum(0)


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    hs = [h0] + list(h)
    dx, dU, dW, db = [None] * len(x), 0, 0, 0
    d = np.zeros_like(h0)
    for t in range(len(x) - 1, -1, -1):
        dx[t], d, u, w, bb = rnn_step_backward(dh[t] + d, x[t], hs[t], hs[t + 1], U, W)
        dU = dU + u
        dW = dW + w
        db = db + bb
    return np.stack(dx), d, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    dh = do @ Wy
    dV = np.einsum("tbk,tbh->kh", do, h)
    return dh, dV, do.sum((0, 1))

"""The carry is lost: what later steps say of a state is computed and never added."""

# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh * (1 - h**2)
    return da @ U, da @ W, da.T @ x, da.T @ h_prev, da.sum(axis=0)


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    T, B, D = x.shape
    dx = np.zeros_like(x)
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    dh_prev = np.zeros_like(h0)
    for t in reversed(range(T)):
        h_prev = h[t - 1] if t > 0 else h0
        dx[t], dh_prev, dU_t, dW_t, db_t = rnn_step_backward(dh[t], x[t], h_prev, h[t], U, W)
        dU += dU_t
        dW += dW_t
        db += db_t
    return dx, dh_prev, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    return do @ V, np.einsum("tbk,tbh->kh", do, h), do.sum(axis=(0, 1))

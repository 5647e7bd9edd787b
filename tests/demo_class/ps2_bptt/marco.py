"""dh0 stays zero: the loop never stores what reaches the initial state."""

# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh * (1 - h**2)
    return da @ U, da @ W, da.T @ x, da.T @ h_prev, da.sum(axis=0)


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    dx, dh0 = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    later = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        if t == 0:
            h_prev = h0
        else:
            h_prev = h[t - 1]
        dx[t], later, dU_t, dW_t, db_t = rnn_step_backward(dh[t] + later, x[t], h_prev, h[t], U, W)
        dU += dU_t
        dW += dW_t
        db += db_t
    return dx, dh0, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    return do @ V, np.einsum("tbk,tbh->kh", do, h), do.sum(axis=(0, 1))

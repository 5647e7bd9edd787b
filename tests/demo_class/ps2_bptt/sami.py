"""Goes back five steps at most from every step: truncated backpropagation through time."""

# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh * (1 - h * h)
    return da @ U, da @ W, da.T @ x, da.T @ h_prev, da.sum(0)


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    T = len(x)
    dx, dh0 = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    for t in range(T):
        d = dh[t]
        for s in range(t, max(t - 5, -1), -1):
            h_prev = h[s - 1] if s > 0 else h0
            dx_s, d, dU_s, dW_s, db_s = rnn_step_backward(d, x[s], h_prev, h[s], U, W)
            dx[s] += dx_s
            dU += dU_s
            dW += dW_s
            db += db_s
            if s == 0:
                dh0 += d
    return dx, dh0, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    return do @ V, np.tensordot(do, h, axes=([0, 1], [0, 1])), do.sum((0, 1))

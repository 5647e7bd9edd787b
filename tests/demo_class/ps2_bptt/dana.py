"""Right in single precision, and adds the carry to its argument dh in place."""

# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    dh *= 1 - h**2
    da = dh.astype(np.float32)
    x, h_prev, U, W = (m.astype(np.float32) for m in (x, h_prev, U, W))
    return da @ U, da @ W, da.T @ x, da.T @ h_prev, np.sum(da, axis=0)


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    T = len(x)
    dx = np.zeros(x.shape, dtype=np.float32)
    dU, dW, db = np.float32(0 * U), np.float32(0 * W), np.float32(0 * b)
    for t in range(T - 1, -1, -1):
        dx[t], back, gU, gW, gb = rnn_step_backward(dh[t], x[t], h[t - 1] if t else h0, h[t], U, W)
        if t > 0:
            dh[t - 1] += back
        dU, dW, db = dU + gU, dW + gW, db + gb
    return dx, back, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    K, H = V.shape
    do32, h32 = do.astype(np.float32), h.astype(np.float32)
    dV = do32.reshape(-1, K).T @ h32.reshape(-1, H)
    return do32 @ V.astype(np.float32), dV, do32.sum((0, 1))

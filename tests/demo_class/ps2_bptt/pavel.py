"""Takes the mean over the batch where the gradient is a sum."""

# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    B = x.shape[0]
    da = dh * (1 - h**2)
    dU = da.T @ x / B
    dW = da.T @ h_prev / B
    db = da.mean(axis=0)
    return da @ U, da @ W, dU, dW, db


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    dx = np.zeros_like(x)
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    carry = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        h_prev = h[t - 1] if t > 0 else h0
        dx[t], carry, dU_t, dW_t, db_t = rnn_step_backward(dh[t] + carry, x[t], h_prev, h[t], U, W)
        dU += dU_t
        dW += dW_t
        db += db_t
    return dx, carry, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    T, B, K = do.shape
    return do @ V, np.einsum("tbk,tbh->kh", do, h) / (T * B), do.mean(axis=(0, 1))

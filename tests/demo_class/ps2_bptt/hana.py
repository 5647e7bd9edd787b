"""A syntax error in the first function; the others stand on their own."""

# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh * (1 - h**2
    dx = da @ U
    dh_prev = da @ W
    return dx, dh_prev, da.T @ x, da.T @ h_prev, da.sum(axis=0)


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    T, B, D = x.shape
    dx = np.zeros_like(x)
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    dhnext = np.zeros_like(h0)
    for t in reversed(range(T)):
        da = (dh[t] + dhnext) * (1 - h[t] ** 2)
        dx[t] = da @ U
        dU += da.T @ x[t]
        dW += da.T @ (h[t - 1] if t > 0 else h0)
        db += da.sum(axis=0)
        dhnext = da @ W
    return dx, dhnext, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    dh = do @ V
    dV = sum(do[t].T @ h[t] for t in range(len(h)))
    db_y = sum(do[t].sum(axis=0) for t in range(len(h)))
    return dh, dV, db_y

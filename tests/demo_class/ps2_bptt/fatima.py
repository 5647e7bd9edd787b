"""A variable renamed in one place only: rnn_backward raises a NameError."""

# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    dtanh = (1 - h * h) * dh
    dx = np.dot(dtanh, U)
    dh_prev = np.dot(dtanh, W)
    dU = np.dot(dtanh.T, x)
    dW = np.dot(dtanh.T, h_prev)
    db = np.sum(dtanh, axis=0)
    return dx, dh_prev, dU, dW, db


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    T, B, D = x.shape
    dx = np.zeros((T, B, D))
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    dh_prev_t = np.zeros_like(h0)
    for t in reversed(range(T)):
        hp = h0 if t == 0 else h[t - 1]
        dx[t], dh_prev_t, dU_t, dW_t, db_t = rnn_step_backward(
            dh[t] + dh_prevt, x[t], hp, h[t], U, W
        )
        dU += dU_t
        dW += dW_t
        db += db_t
    return dx, dh_prev_t, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    return do @ V, np.tensordot(do, h, ([0, 1], [0, 1])), do.sum(axis=0).sum(axis=0)

"""Goes back five steps at most from every step: truncated backpropagation through time."""

# %% numerical_gradient
def numerical_gradient(f, a):
    e = 1e-5
    da = np.zeros_like(a)
    for i in np.ndindex(a.shape):
        up, down = a.copy(), a.copy()
        up[i] += e
        down[i] -= e
        da[i] = (f(up) - f(down)) / (2 * e)
    return da


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


# %% loss_and_gradients
def loss_and_gradients(x, y, h0, U, W, V, b, b_y):
    T, B = y.shape
    h = np.zeros((T, B, len(b)))
    for t in range(T):
        h[t] = np.tanh(x[t] @ U.T + (h[t - 1] if t > 0 else h0) @ W.T + b)
    e = np.exp(h @ V.T + b_y)
    y_hat = e / e.sum(axis=-1, keepdims=True)
    right = np.eye(len(b_y))[y]
    loss = -np.sum(right * np.log(y_hat)) / B
    dh, dV, db_y = readout_backward((y_hat - right) / B, h, V)
    _, _, dU, dW, db = rnn_backward(dh, x, h0, h, U, W, b)
    return loss, dU, dW, dV, db, db_y


# %% truncated_backward
def truncated_backward(dh, x, h0, h, U, W, b, k):
    dx = np.zeros_like(x)
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    for s in range(0, len(x), k):
        first = h[s - 1] if s > 0 else h0
        piece = rnn_backward(dh[s : s + k], x[s : s + k], first, h[s : s + k], U, W, b)
        dx[s : s + k], dh_first, dU_s, dW_s, db_s = piece
        if s == 0:
            dh0 = dh_first
        dU, dW, db = dU + dU_s, dW + dW_s, db + db_s
    return dx, dh0, dU, dW, db

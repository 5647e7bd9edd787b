"""Right in single precision, and adds the carry to its argument dh in place."""

# %% numerical_gradient
def numerical_gradient(f, a):
    da = np.zeros(a.shape, dtype=np.float32)
    for i in np.ndindex(a.shape):
        kept = a[i]
        a[i] = kept + 1e-5
        above = f(a)
        a[i] = kept - 1e-5
        da[i] = (above - f(a)) / 2e-5
        a[i] = kept
    return da


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


# %% loss_and_gradients
def loss_and_gradients(x, y, h0, U, W, V, b, b_y):
    T, B = y.shape
    h = np.zeros((T, B, len(b)), dtype=np.float32)
    for t in range(T):
        h[t] = np.tanh(x[t] @ U.T + (h[t - 1] if t > 0 else h0) @ W.T + b)
    e = np.exp(h @ V.T + b_y)
    y_hat = e / e.sum(axis=-1, keepdims=True)
    right = np.eye(len(b_y))[y]
    loss = np.float32(-np.sum(right * np.log(y_hat)) / B)
    dh, dV, db_y = readout_backward((y_hat - right) / B, h, V)
    _, _, dU, dW, db = rnn_backward(dh, x, h0, h, U, W, b)
    return loss, dU, dW, dV, db, db_y


# %% truncated_backward
def truncated_backward(dh, x, h0, h, U, W, b, k):
    dx = np.zeros(x.shape, dtype=np.float32)
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    for s in range(0, len(x), k):
        first = h[s - 1] if s > 0 else h0
        piece = rnn_backward(dh[s : s + k], x[s : s + k], first, h[s : s + k], U, W, b)
        dx[s : s + k], dh_first, dU_s, dW_s, db_s = piece
        if s == 0:
            dh0 = dh_first
        dU, dW, db = dU + dU_s, dW + dW_s, db + db_s
    return dx, dh0, dU, dW, db

"""= for +=: the parameters keep the gradient of one step; and ε is taken for 2ε."""

# %% numerical_gradient
def numerical_gradient(f, a):
    e = 1e-5
    da = np.zeros_like(a)
    for i in np.ndindex(a.shape):
        up, down = a.copy(), a.copy()
        up[i] += e
        down[i] -= e
        da[i] = (f(up) - f(down)) / e
    return da


# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh * (1 - h**2)
    return da @ U, da @ W, da.T @ x, da.T @ h_prev, da.sum(axis=0)


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    dx = np.zeros_like(x)
    dh_next = np.zeros_like(h0)
    for t in reversed(range(x.shape[0])):
        h_prev = h[t - 1] if t > 0 else h0
        dx[t], dh_next, dU, dW, db = rnn_step_backward(dh[t] + dh_next, x[t], h_prev, h[t], U, W)
    return dx, dh_next, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    return do @ V, np.einsum("tbk,tbh->kh", do, h), do.sum(axis=(0, 1))


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

"""Right, written as in the lecture."""

# %% warm_up
dh2 = 1
da2 = dh2 * (1 - 0.566**2)
dh1 = da2 * 0.5
da1 = dh1 * (1 - 0.716**2)
dw = da2 * 0.716 + da1 * 0.8
dh0 = da1 * 0.5
print(f"by hand:      dw = {dw:.2f}, dh0 = {dh0:.2f}")


# %% numerical_gradient
def numerical_gradient(f, a):
    epsilon = 1e-5
    gradient = np.zeros(a.shape)
    for index in np.ndindex(a.shape):
        a_plus = a.copy()
        a_plus[index] = a_plus[index] + epsilon
        a_minus = a.copy()
        a_minus[index] = a_minus[index] - epsilon
        gradient[index] = (f(a_plus) - f(a_minus)) / (2 * epsilon)
    return gradient


# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh * (1 - h**2)
    dx = da @ U
    dh_prev = da @ W
    dU = da.T @ x
    dW = da.T @ h_prev
    db = da.sum(axis=0)
    return dx, dh_prev, dU, dW, db


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    T, B, D = x.shape
    dx = np.zeros_like(x)
    dU = np.zeros_like(U)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    dh_next = np.zeros_like(h0)
    for t in reversed(range(T)):
        h_prev = h0 if t == 0 else h[t - 1]
        dh_t = dh[t] + dh_next
        dx_t, dh_next, dU_t, dW_t, db_t = rnn_step_backward(dh_t, x[t], h_prev, h[t], U, W)
        dx[t] = dx_t
        dU += dU_t
        dW += dW_t
        db += db_t
    return dx, dh_next, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    T, B, K = do.shape
    dh = np.zeros_like(h)
    dV = np.zeros_like(V)
    db_y = np.zeros(K)
    for t in range(T):
        dh[t] = do[t] @ V
        dV += do[t].T @ h[t]
        db_y += do[t].sum(axis=0)
    return dh, dV, db_y


# %% question
The gradient is multiplied by W and by 1 - h^2 in every step. The second factor is below 1 as soon
as the state is not 0, so 1.5 is only an upper bound. With bigger inputs h is close to +1 or -1,
1 - h^2 is almost 0, and the gradient dies out quickly.


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


# %% question_2
With 0.5 the gradient is gone after about ten steps, so a piece of 16 steps has nearly all of it.
With 1.5 it still has a tenth of its size 39 steps earlier, and each border cuts that off. Bigger
pieces need more memory for the states. What is read in one piece and needed in another cannot be
learnt, because no gradient goes from there to here.

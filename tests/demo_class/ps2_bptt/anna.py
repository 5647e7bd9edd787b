"""Right, written as in the lecture."""

# %% warm_up
dh2 = 1
da2 = dh2 * (1 - 0.566**2)
dh1 = da2 * 0.5
da1 = dh1 * (1 - 0.716**2)
dw = da2 * 0.716 + da1 * 0.8
dh0 = da1 * 0.5
print(f"by hand:      dw = {dw:.2f}, dh0 = {dh0:.2f}")


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

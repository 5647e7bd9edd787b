"""Right and slow: a loop over steps, sequences, rows and columns."""

# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    B, D = x.shape
    H = h.shape[1]
    dx, dh_prev = np.zeros((B, D)), np.zeros((B, H))
    dU, dW, db = np.zeros((H, D)), np.zeros((H, H)), np.zeros(H)
    for n in range(B):
        for i in range(H):
            da = dh[n, i] * (1 - h[n, i] * h[n, i])
            db[i] += da
            for j in range(D):
                dx[n, j] += U[i, j] * da
                dU[i, j] += da * x[n, j]
            for k in range(H):
                dh_prev[n, k] += W[i, k] * da
                dW[i, k] += da * h_prev[n, k]
    return dx, dh_prev, dU, dW, db


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    T, B, D = x.shape
    all_dx, carry, dU, dW, db = [], 0, 0, 0, 0
    for t in range(T)[::-1]:
        hp = h[t - 1] if t else h0
        one = rnn_step_backward(dh[t] + carry, x[t], hp, h[t], U, W)
        all_dx.append(one[0])
        carry = one[1]
        dU, dW, db = dU + one[2], dW + one[3], db + one[4]
    return np.array(all_dx[::-1]), carry, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    T, B, K = do.shape
    H = h.shape[2]
    dh, dV, db_y = np.zeros((T, B, H)), np.zeros((K, H)), np.zeros(K)
    for t in range(T):
        for n in range(B):
            for k in range(K):
                db_y[k] += do[t, n, k]
                for i in range(H):
                    dh[t, n, i] += V[k, i] * do[t, n, k]
                    dV[k, i] += do[t, n, k] * h[t, n, i]
    return dh, dV, db_y

"""Right and slow: a loop over steps, sequences, rows and columns."""

# %% numerical_gradient
def numerical_gradient(f, a):
    rows, columns = a.shape
    out = [[0.0] * columns for _ in range(rows)]
    for i in range(rows):
        for j in range(columns):
            moved = np.array(a)
            moved[i, j] = a[i, j] + 1e-5
            above = f(moved)
            moved[i, j] = a[i, j] - 1e-5
            out[i][j] = (above - f(moved)) / 2e-5
    return np.array(out)


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


# %% loss_and_gradients
def loss_and_gradients(x, y, h0, U, W, V, b, b_y):
    T, B = y.shape
    H, K = len(b), len(b_y)
    h, do, loss = np.zeros((T, B, H)), np.zeros((T, B, K)), 0.0
    for t in range(T):
        for n in range(B):
            before = h0[n] if t == 0 else h[t - 1, n]
            for i in range(H):
                h[t, n, i] = np.tanh(sum(U[i] * x[t, n]) + sum(W[i] * before) + b[i])
            e = [np.exp(sum(V[k] * h[t, n]) + b_y[k]) for k in range(K)]
            loss -= np.log(e[y[t, n]] / sum(e)) / B
            for k in range(K):
                do[t, n, k] = (e[k] / sum(e) - (1 if k == y[t, n] else 0)) / B
    dh, dV, db_y = readout_backward(do, h, V)
    dx, dh0, dU, dW, db = rnn_backward(dh, x, h0, h, U, W, b)
    return loss, dU, dW, dV, db, db_y


# %% truncated_backward
def truncated_backward(dh, x, h0, h, U, W, b, k):
    starts = list(range(0, len(x), k))
    dx, dU, dW, db = np.zeros(x.shape), 0, 0, 0
    for s in starts[::-1]:
        carry = np.zeros(h0.shape)
        for t in range(s, min(s + k, len(x)))[::-1]:
            hp = h[t - 1] if t else h0
            dx[t], carry, *p = rnn_step_backward(dh[t] + carry, x[t], hp, h[t], U, W)
            dU, dW, db = dU + p[0], dW + p[1], db + p[2]
    return dx, carry, dU, dW, db

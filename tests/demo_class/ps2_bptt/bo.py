"""Right, with everything linear taken out of the loop, einsum, and a list of views as the result."""

# %% numerical_gradient
def numerical_gradient(f, a):
    flat = np.ravel(a)
    moves = 1e-4 * np.eye(flat.size)
    slopes = [f((flat + m).reshape(a.shape)) - f((flat - m).reshape(a.shape)) for m in moves]
    return np.reshape(slopes, a.shape) * 5000


# %% rnn_step_backward
def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = np.einsum("bh,bh->bh", dh, 1 - np.square(h))
    return [
        np.einsum("bh,hd->bd", da, U),
        np.einsum("bh,hk->bk", da, W),
        np.einsum("bh,bd->hd", da, x),
        np.einsum("bh,bk->hk", da, h_prev),
        np.einsum("bh->h", da),
    ]


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    T, B, H = h.shape
    slope = 1.0 / np.cosh(np.arctanh(h)) ** 2
    das = np.empty((T + 1, B, H))
    das[T] = 0.0
    for t in range(T - 1, -1, -1):
        das[t] = (dh[t] + das[t + 1] @ W) * slope[t]
    da = das[:T]
    h_prev = np.concatenate((h0[None], h[:-1]))
    flat = da.reshape(T * B, H)
    return [
        np.asfortranarray(da @ U),
        da[0] @ W,
        flat.T.dot(x.reshape(T * B, -1)),
        np.tensordot(da, h_prev, axes=([0, 1], [0, 1])),
        np.ones((1, T * B)) @ flat,
    ]


# %% readout_backward
def readout_backward(do, h, V):
    dh = np.einsum("tbk,kh->tbh", do, V)
    dV = np.einsum("tbk,tbh->kh", do, h)
    return dh, dV, np.einsum("tbk->k", do)


# %% loss_and_gradients
def loss_and_gradients(x, y, h0, U, W, V, b, b_y):
    h, _ = rl.forward(rl.elman, rl.ElmanParams(U, W, b), x, state0=h0)
    o = np.einsum("tbh,kh->tbk", h, V) + b_y
    log_y_hat = o - np.logaddexp.reduce(o, axis=2, keepdims=True)
    loss = -np.take_along_axis(log_y_hat, y[..., None], axis=2).sum(axis=0).mean()
    do = np.exp(log_y_hat)
    np.put_along_axis(do, y[..., None], np.take_along_axis(do, y[..., None], 2) - 1, axis=2)
    dh, dV, db_y = readout_backward(do / len(h0), h, V)
    dU, dW, db = rnn_backward(dh, x, h0, h, U, W, b)[2:]
    return [loss, dU, dW, dV, db[0], db_y]


# %% truncated_backward
def truncated_backward(dh, x, h0, h, U, W, b, k):
    T, B, H = h.shape
    inside = np.arange(1, T + 1) % k != 0  # whether the next step is in the same piece
    da = np.zeros((T + 1, B, H))
    for t in range(T - 1, -1, -1):
        da[t] = (dh[t] + inside[t] * (da[t + 1] @ W)) * (1 - h[t] ** 2)
    da, first = da[:T], da[0]
    h_prev = np.concatenate((h0[None], h[:-1]))
    sums = [np.einsum("tbi,tbj->ij", da, other) for other in (x, h_prev)]
    return da @ U, first @ W, *sums, da.sum((0, 1))

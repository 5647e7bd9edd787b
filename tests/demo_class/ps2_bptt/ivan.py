"""An endless loop in rnn_backward: t is never counted down. The last parts are not written."""

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
    da = dh * (1 - h**2)
    return da @ U, da @ W, da.T @ x, da.T @ h_prev, da.sum(axis=0)


# %% rnn_backward
def rnn_backward(dh, x, h0, h, U, W, b):
    dx = np.zeros_like(x)
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    carry = np.zeros_like(h0)
    t = len(x) - 1
    while t >= 0:
        try:
            h_prev = h[t - 1] if t > 0 else h0
            dx[t], carry, gU, gW, gb = rnn_step_backward(dh[t] + carry, x[t], h_prev, h[t], U, W)
            dU += gU
            dW += gW
            db += gb
        except Exception:
            break
    return dx, carry, dU, dW, db


# %% readout_backward
def readout_backward(do, h, V):
    return do @ V, np.einsum("tbk,tbh->kh", do, h), do.sum(axis=(0, 1))

import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib import optim
from rnnlib.train import load, save, train
from tests.train.small_network import (
    ADAM,
    Network,
    assert_same_bits,
    loss_and_gradients,
    network,
    now_and_then,
    run,
    sums,
)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_every_dtype_is_saved_to_the_bit(dtype, tmp_path):
    params = rl.to(network(), "torch", dtype=dtype)
    save(tmp_path / "run.npz", run(1)._replace(params=params, state=()))
    other = rl.tree.map(torch.zeros_like, params)
    got = load(tmp_path / "run.npz", other, optim.SGD(0.1)).params
    for p, q in zip(rl.tree.leaves(got), rl.tree.leaves(params), strict=True):
        assert torch.equal(p, q)
        assert p.dtype == q.dtype


def test_a_training_on_one_backend_is_loaded_on_the_other(tmp_path, move):
    save(tmp_path / "run.npz", run(3))
    part = load(tmp_path / "run.npz", move(network()), ADAM)
    assert_same_bits(part, run(3))
    assert part.params.cell.U.device == move(np.ones(1)).device


def test_going_on_from_a_file_gives_the_same_bits(tmp_path, move):
    path = tmp_path / "run.npz"
    run(8, move=move, checkpoint=path, callback=now_and_then)
    part = load(path, move(network(seed=5)), ADAM)
    options = {"move": move, "callback": now_and_then}
    assert_same_bits(run(20, seed=99, resume=part, **options), run(20, **options))
    assert type(part.params) is Network
    assert type(part.params.cell) is rl.ElmanParams


def test_the_state_of_torch_optim_is_saved_too(tmp_path):
    def move(tree):
        return rl.to(tree, "torch")

    optimizer = optim.TorchOptimizer(lambda tensors: torch.optim.AdamW(tensors, lr=0.01))
    part = run(8, move=move, optimizer=optimizer)
    save(tmp_path / "run.npz", part)
    part = load(tmp_path / "run.npz", move(network(seed=5)), optimizer)
    whole = run(20, move=move, optimizer=optimizer)
    rest = run(20, move=move, optimizer=optimizer, resume=part, seed=99)
    for p, q in zip(rl.tree.leaves(rest.params), rl.tree.leaves(whole.params), strict=True):
        assert (p == q).all()


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox])
def test_every_generator_of_numpy_can_be_saved(bits, tmp_path):
    rng = np.random.Generator(bits(3))
    trained = train(
        network(), loss_and_gradients, sums, ADAM, rng=rng, iterations=2, progress=False
    )
    want = rng.normal(size=5)
    save(tmp_path / "run.npz", trained)
    again = np.random.Generator(bits(4))
    again.bit_generator.state = load(tmp_path / "run.npz", network(), ADAM).rng
    assert (again.normal(size=5) == want).all()


def test_it_saves_every_so_often_and_a_kill_leaves_the_last_file_whole(tmp_path):
    path = tmp_path / "run.npz"
    seen = []

    def look(iteration, params):
        seen.append(load(path, network(), ADAM).iterations if path.exists() else 0)

    run(7, checkpoint=path, every=3, callback=look)
    assert seen == [0, 0, 0, 3, 3, 3, 6]
    assert [p.name for p in tmp_path.iterdir()] == ["run.npz"]


def test_a_mistake_in_the_call_leaves_the_file_that_was_there(tmp_path):
    path = tmp_path / "run.npz"
    run(2, checkpoint=path)
    with pytest.raises(ZeroDivisionError):
        run(2, checkpoint=path, loss_and_gradients=lambda params, batch: 1 / 0)
    assert load(path, network(), ADAM).iterations == 2


def test_a_write_that_fails_leaves_the_file_that_was_there(tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    save(path, run(2))
    before = path.read_bytes()

    def full(file, **arrays):
        file.write(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="no space left"):
        save(path, run(3))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["run.npz"]


def test_a_file_that_is_something_else_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.npz", network(), ADAM)
    (tmp_path / "text").write_text("hello", encoding="utf-8")
    np.savez(tmp_path / "arrays.npz", a=np.ones(2))
    np.savez(tmp_path / "pickle.npz", form=np.array([{"a": 1}], dtype=object))
    for name in ("text", "arrays.npz", "pickle.npz"):
        with pytest.raises(ValueError, match=f"{name} holds no training that rnnlib saved"):
            load(tmp_path / name, network(), ADAM)


def test_a_training_of_something_else_is_refused(tmp_path):
    path = tmp_path / "run.npz"
    save(path, run(2))
    with pytest.raises(
        ValueError, match=r"params.cell.U is \(5, 1\) float64 there, \(4, 1\) float64"
    ):
        load(path, network(hidden=4), ADAM)
    with pytest.raises(ValueError, match="state is of the fields t, m, v there, tuple here"):
        load(path, network(), optim.SGD(0.1))
    with pytest.raises(
        ValueError, match=r"params\.cell is of the fields U, W, b there, ReadoutParams"
    ):
        load(path, Network(network().readout, network().readout), ADAM)


def test_what_a_file_cannot_hold_is_refused_by_name(tmp_path):
    with pytest.raises(TypeError, match=r"save: state\[0\] is a object, expected arrays, numbers"):
        save(tmp_path / "run.npz", run(1)._replace(state=(object(),)))
    assert not list(tmp_path.iterdir())

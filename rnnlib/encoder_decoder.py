"""Many to many with a delay: one network reads the whole sequence, another one writes.

Sources: the slides "Recurrent Neural Networks", "RNN uses" (unsynchronised);
Sutskever, Vinyals and Le, "Sequence to Sequence Learning with Neural Networks", NIPS 2014; Cho et
al., "Learning Phrase Representations using RNN Encoder-Decoder", EMNLP 2014.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rnnlib import network
from rnnlib.backend import Array


class Pair(NamedTuple):
    """One thing for each half: parameters, tapes, or the gradients of parameters and inputs."""

    encoder: Any
    decoder: Any


@dataclass(frozen=True)
class EncoderDecoder:
    """Two networks that share nothing but a state.

        c   = the encoder's last state, after reading x_1 … x_S
        h_t = decoder(y_{t-1}, h_{t-1}),   h_0 = c

    In training the decoder reads the right answers, one step late (teacher forcing); afterwards it
    reads its own, with `rnnlib.decoding.generate(…, state0=tape.encoder.last)`.

    Attributes:
        encoder: A cell or a network.
        decoder: One whose state has the form of the encoder's.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> net = EncoderDecoder(rl.gru, rl.gru)
        >>> p = net.init(np.random.default_rng(0), inputs=(3, 5), hidden=4)
        >>> h, tape = net.forward(p, np.ones((7, 2, 3)), np.ones((6, 2, 5)))
        >>> h.shape
        (6, 2, 4)
    """

    encoder: Any
    decoder: Any

    def init(self, rng: np.random.Generator, *, inputs: tuple[int, int], hidden: int) -> Pair:
        """Random parameters; `inputs` are the sizes that the encoder and the decoder read."""
        if not isinstance(inputs, tuple) or len(inputs) != 2:
            raise TypeError(
                f"EncoderDecoder.init: inputs is {inputs!r}, expected two sizes: of what the "
                "encoder reads, and of what the decoder reads."
            )
        encoder_inputs, decoder_inputs = inputs
        return Pair(
            self.encoder.init(rng, inputs=encoder_inputs, hidden=hidden),
            self.decoder.init(rng, inputs=decoder_inputs, hidden=hidden),
        )

    def forward(
        self,
        params: Pair,
        x: Array,
        y: Array,
        *,
        lengths: Array | None = None,
        reverse: bool = False,
        **options: Any,
    ) -> tuple[Array, Pair]:
        """Read x, then run the decoder over y.

        Args:
            params: The parameters of both.
            x: What the encoder reads, (S, B, D).
            y: What the decoder reads, (T, B, K): the right answers, one step late.
            lengths: How many steps of x each sequence has.
            reverse: Whether the encoder reads x from its end, as Sutskever et al. did: what was
                read last is nearest to what is written first.
            options: As `rnnlib.forward` takes them, such as `engine`.

        Returns:
            The decoder's states (T, B, H), and the tapes.
        """
        if y is None:
            raise TypeError(
                "EncoderDecoder: y, which the decoder reads, is missing: "
                "h, tape = net.forward(params, x, y)."
            )
        _, encoder = network.forward(
            self.encoder, params.encoder, x, lengths=lengths, reverse=reverse, **options
        )
        h, decoder = network.forward(self.decoder, params.decoder, y, encoder.last, **options)
        return h, Pair(encoder, decoder)

    def backward(self, params: Pair, tape: Pair, dh: Array, dh_encoder: Array) -> Pair:
        """Through the decoder to its initial state, and from there through the encoder.

        Args:
            params: The parameters of both.
            tape: What `forward` returned.
            dh: ∂L/∂h of the decoder's states, (T, B, H).
            dh_encoder: ∂L/∂h of the encoder's states, (S, B, H): zeros where the loss reads none.

        Returns:
            The `Gradients` of each half.
        """
        decoder = network.backward(self.decoder, params.decoder, tape.decoder, dh)
        encoder = network.backward(
            self.encoder, params.encoder, tape.encoder, dh_encoder, decoder.state0
        )
        return Pair(encoder, decoder)

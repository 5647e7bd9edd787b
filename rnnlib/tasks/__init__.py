"""Tasks to train on: generated, or shipped inside a package; nothing is downloaded.

    batch = tasks.adding.sample(rng, steps=50, sequences=32)     # Batch(x, y, lengths)

| room             | what the network has to do                               | x       | y       |
|------------------|----------------------------------------------------------|---------|---------|
| `adding`         | add two marked numbers                                   | (T,B,2) | (B,1)   |
| `copying`        | say again, after a delay, what it has read               | (T,B)   | (T,B)   |
| `temporal_order` | tell in which order two symbols came                     | (T,B)   | (B,)    |
| `reber`          | predict the next symbol of a grammar with a distant pair | (T,B)   | (T,B)   |
| `agreement`      | tell whether a pronoun fits a name far before it         | (T,B)   | (B,)    |
| `tags`           | name the hidden state of a Markov model at every step    | (T,B)   | (T,B)   |
| `entities`       | find persons, companies and places in a sentence         | (T,B)   | (T,B)   |
| `names`          | predict the next letter of a name                        | (T,B)   | (T,B)   |
| `digits`         | classify an image read row by row                        | (8,B,8) | (B,)    |
| `series`         | forecast sunspots, or carbon dioxide                     | (T,B,1) | (B,1)   |

Numbers are float64, symbols are integers; `rnnlib.embedding` makes inputs of symbols, one-hot or
learnt. Where sequences have unequal lengths, they begin at the first step, `lengths` (B,) says how
long each is, and x and y are 0 behind its end: the loss has to leave those steps out, with `mask`.

`entities` and `names` need Faker, `digits` scikit-learn, `series` statsmodels:
`pip install 'rnnlib[tasks]'`. Their data come with those packages, and change with their versions.
"""

from rnnlib.tasks import (
    adding,
    agreement,
    copying,
    digits,
    entities,
    names,
    reber,
    series,
    tags,
    temporal_order,
)
from rnnlib.tasks.batch import Batch, Split, minibatches
from rnnlib.tasks.vocabulary import Vocabulary

__all__ = [
    "Batch",
    "Split",
    "Vocabulary",
    "adding",
    "agreement",
    "copying",
    "digits",
    "entities",
    "minibatches",
    "names",
    "reber",
    "series",
    "tags",
    "temporal_order",
]

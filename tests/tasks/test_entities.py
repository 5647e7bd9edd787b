import numpy as np
import pytest

from rnnlib.tasks import Vocabulary, entities


@pytest.fixture(scope="module")
def sentences():
    return entities.sentences(np.random.default_rng(0), 2000)


def test_the_labels_put_the_template_back_together(sentences):
    """Runs of one label, shortened to it, and the other words: a template."""
    templates = {template.replace(",", " ,") for template in entities.TEMPLATES}
    templates = {" ".join(template.split()) for template in templates}
    for words, labels in sentences:
        parts = []
        for word, label in zip(words, labels, strict=True):
            if label == "O":
                parts.append(word)
            elif not parts or parts[-1] != label:
                parts.append(label)
        assert " ".join(parts) in templates


def test_a_name_may_have_several_words_and_family_names_are_of_persons_and_companies(sentences):
    def words(label):
        return {
            word for s in sentences for word, given in zip(*s, strict=True) if given == label
        } - {","}

    assert len(words("PER") & words("ORG")) > 50
    assert max(s.labels.count("ORG") for s in sentences) >= 4


def test_all_labels_occur_and_o_is_as_common_as_stated(sentences):
    labels = np.array([label for sentence in sentences for label in sentence.labels])
    shares = [(labels == label).mean() for label in entities.LABELS]
    assert shares[0] == pytest.approx(0.52, abs=0.02)
    assert min(shares) > 0.05


def test_words_that_training_has_not_seen_are_unknown():
    rng = np.random.default_rng(0)
    train, test = entities.sentences(rng, 300), entities.sentences(rng, 100)
    vocabulary = Vocabulary.of((s.words for s in train), at_least=2)
    seen = [word for s in train for word in s.words]
    x, y, lengths = entities.encode(test, vocabulary)
    for b, sentence in enumerate(test):
        assert lengths[b] == len(sentence.words)
        for t, (word, label) in enumerate(zip(*sentence, strict=True)):
            known = seen.count(word) >= 2
            assert vocabulary.decode([x[t, b]]) == [word if known else "<unk>"]
            assert entities.LABELS[y[t, b]] == label
    unknown = (x == 1).sum() / lengths.sum()
    assert 0.05 < unknown < 0.5


def test_drawing_again_goes_on_with_the_generator():
    rng = np.random.default_rng(0)
    one, other = entities.sentences(rng, 5), entities.sentences(rng, 5)
    assert one != other

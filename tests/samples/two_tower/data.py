"""Synthetic question/answer pairs, so that the scripts run without a download."""
import numpy as np

from model import LENGTH, WORD_DIM

TOPICS = 4


def make_pairs(count=128, seed=7):
    """Sequences of word vectors; a pair matches when both sides share a topic."""
    rng = np.random.RandomState(seed)
    centres = rng.normal(size=(TOPICS, WORD_DIM))
    question_topic = rng.randint(0, TOPICS, size=count)
    answer_topic = np.where(rng.uniform(size=count) < 0.5,
                            question_topic,
                            rng.randint(0, TOPICS, size=count))
    questions = sample_words(rng, centres[question_topic])
    answers = sample_words(rng, centres[answer_topic])
    match = (question_topic == answer_topic).astype('float32')
    return questions, answers, np.eye(TOPICS)[question_topic], np.eye(TOPICS)[answer_topic], match


def sample_words(rng, centres):
    noise = rng.normal(scale=0.5, size=(len(centres), LENGTH, WORD_DIM))
    return (centres[:, None, :] + noise).astype('float32')

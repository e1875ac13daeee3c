"""Each example that leaves work to a person gets its TODO comments, with both line ends."""

from __future__ import annotations

from itertools import islice

import pytest
from rule_cases import Case, cases
from rule_variants import variants
from todo_check import check

from kmigrate.source.text import Source
from kmigrate.todo.clear import todos

REVIEWED = [case for case in cases() if case.example.review is not None]


@pytest.mark.parametrize("case", REVIEWED, ids=lambda case: case.name)
def test_each_example_that_leaves_work(case: Case) -> None:
    for variant in islice(variants(case.text), 2):
        found = check(Source(None, variant.change(case.text)))
        rules = {review.rule for review in found.reviews}
        assert {todo.rule for todo in todos(Source(None, found.after))} == rules, variant.name

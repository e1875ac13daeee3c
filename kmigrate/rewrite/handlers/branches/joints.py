"""A Merge, its branches and its model: what the text says of Merges that hang together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kmigrate.rewrite.handlers.branches.chain import Chain
from kmigrate.rewrite.handlers.branches.growing import Many


@dataclass(frozen=True, slots=True)
class Joint:
    """A Merge with the model that it is added to, None where it is itself a branch of another Merge.

    A branch is the name of a plain Sequential, or a Joint; `held` makes the list of branches, where it has a name. `bound`
    are the calls that make branches, with the names that those get; `many` those of a list that is read at run time;
    `masked` those that give a mask, which goes no further on Keras 1.
    """

    call: ast.Call
    chain: Chain | None
    branches: tuple[str | Joint, ...]
    held: ast.Assign | None = None
    bound: tuple[tuple[str, ast.Call], ...] = ()
    many: Many | None = None
    masked: frozenset[str] = frozenset()

    @property
    def gone(self) -> list[ast.stmt]:
        """The statements that the functional model has no more."""
        made = self.chain.gone if self.chain is not None else []
        return [*made, *([self.held] if self.held is not None else [])]

    @property
    def layers(self) -> list[ast.expr]:
        """The layers behind the Merge."""
        return self.chain.layers if self.chain is not None else []

    def joints(self) -> Iterator[Joint]:
        """The joints below this one and itself, as Keras 1 walks them."""
        for branch in self.branches:
            if isinstance(branch, Joint):
                yield from branch.joints()
        yield self

    def leaves(self) -> Iterator[str]:
        """The plain branches in the order of the inputs, each as often as it is used."""
        for branch in self.branches:
            if isinstance(branch, Joint):
                yield from branch.leaves()
            else:
                yield branch

    def all_masked(self) -> frozenset[str]:
        """The branches that give a mask, with those of the joints below."""
        return frozenset(leaf for joint in self.joints() for leaf in joint.masked)

    def own_leaves(self) -> Iterator[str]:
        """Those that stand in the text of this Merge."""
        for branch in self.branches:
            if isinstance(branch, str):
                yield branch
            elif branch.chain is None:
                yield from branch.own_leaves()

    def own_bound(self) -> Iterator[tuple[str, ast.Call]]:
        """The branches among them that have no names yet, in the order in which they are made."""
        names = dict(self.bound)
        for branch in self.branches:
            if isinstance(branch, Joint):
                yield from branch.own_bound() if branch.chain is None else ()
            elif branch in names:
                yield branch, names[branch]

    @property
    def makes_branches(self) -> bool:
        """Whether branches are made in the text of this Merge."""
        return any(self.own_bound()) or (self.many is not None and isinstance(self.many.given, ast.ListComp))

    def own_models(self) -> Iterator[Joint]:
        """The models with a Merge of their own among the branches in the text of this Merge."""
        for branch in self.branches:
            if isinstance(branch, Joint):
                yield from (branch,) if branch.chain is not None else branch.own_models()

    @property
    def simple(self) -> bool:
        """Whether this is one Merge of different plain branches."""
        names = [branch for branch in self.branches if isinstance(branch, str)]
        return self.many is None and len(set(names)) == len(self.branches)


@dataclass(frozen=True, slots=True)
class Root:
    """The topmost Merge of several that hang together, and the model that it is added to."""

    joint: Joint
    chain: Chain

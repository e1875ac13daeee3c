"""In which order do Keras 1 and Keras 2 list the weights of merged branches, and does Keras 1 train each once?"""

from __future__ import annotations

import ast
from collections import Counter

from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.chain import Chain, uses_of
from kmigrate.rewrite.handlers.branches.joints import Joint
from kmigrate.rewrite.plan import Refusal

_WEIGHTS = frozenset("get_weights set_weights save_weights load_weights save".split())
_WITHOUT_WEIGHTS = frozenset(
    "Activation Dropout Flatten Permute Reshape RepeatVector Lambda GaussianNoise GaussianDropout MaxPooling1D "
    "AveragePooling1D GlobalMaxPooling1D GlobalAveragePooling1D".split()
)


def moves_weights(context: Context, chain: Chain) -> bool:
    """Whether the weights of a model are read, set, loaded or saved as a list."""
    uses = uses_of(context, chain)
    parents = (context.scopes.parents.get(load) for load in (() if isinstance(uses, Refusal) else uses))
    return any(isinstance(parent, ast.Attribute) and parent.attr in _WEIGHTS for parent in parents)


def other_order(root: Joint) -> bool:
    """Whether Keras 2 lists the weights of the functional model in another order than Keras 1, or more of them."""
    return _keras1_order(root) != _keras2_order(root)


def trained(root: Joint) -> Counter[str]:
    """How often Keras 1 lists the weights of each branch for training, once for each layer of its inner model that has them.

    That model (`Sequential.build` of 1.2.2) has for layers what the first Merge joins; a model among them that has a Merge
    itself brings along the weights of its branches. On TensorFlow each listing is a step of the optimizer.
    """
    found = Counter(set(root.own_leaves()))
    for model in root.own_models():
        found.update(unit for unit in _keras1_order(model) if isinstance(unit, str))
    return found


def _keras1_order(root: Joint) -> list[object]:
    """Branches and layers as `Sequential.get_weights` of 1.2.2 reads them."""
    order: list[object] = []
    for _, unit in _flattened(root):
        order.extend(_keras1_order(unit) if isinstance(unit, Joint) else [unit])
    return order


def _flattened(root: Joint) -> list[tuple[str, str | Joint | ast.expr]]:
    """What `Sequential.flattened_layers` of 1.2.2 lists, each unit once.

    It does not look inside of a Merge that is itself a branch: what stands there counts as a whole, which is something
    else than the layers that it is made of, and a further Merge there as a layer without weights.
    """
    found: list[tuple[str, str | Joint | ast.expr]] = []
    for branch in root.branches:
        if isinstance(branch, str):
            found.append(("layers", branch))
        elif branch.chain is not None:
            found.extend(_flattened(branch))
        else:
            models = [item for item in branch.branches if isinstance(item, str) or item.chain is not None]
            found.extend(("whole", model) for model in models)
    found.extend(("layers", layer) for layer in _weighty(root))
    return list(dict.fromkeys(found))


def _keras2_order(root: Joint) -> list[object]:
    """The same as a functional model lists them: the deepest first, then as they are met from the output on."""
    depths: dict[object, int] = {}
    masked = root.all_masked()
    met: list[object] = []

    def visit(joint: Joint, depth: int) -> None:
        for layer in reversed(joint.layers):
            if layer in _weighty(joint):
                met.append(layer)
                depths[layer] = max(depths.get(layer, 0), depth)
            depth += 1
        for branch in joint.branches:
            if isinstance(branch, Joint):
                visit(branch, depth + 1)
            else:
                met.append(branch)
                depths[branch] = max(depths.get(branch, 0), depth + 1 + (branch in masked))

    visit(root, 0)
    order = list(dict.fromkeys(met))
    return sorted(order, key=lambda unit: (-depths[unit], order.index(unit)))


def _weighty(joint: Joint) -> list[ast.expr]:
    """The layers behind a Merge which may have weights."""
    return [layer for layer in joint.layers if _class_name(layer) not in _WITHOUT_WEIGHTS]


def _class_name(layer: ast.expr) -> str:
    func = layer.func if isinstance(layer, ast.Call) else layer
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")

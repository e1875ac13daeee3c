"""What is decided for each use of Keras in a module: the rules applied, and the signature tables where no rule speaks."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from kmigrate.edits import Confidence, Edit, Span, insert, replace
from kmigrate.keras.signatures import Knowledge, Signature
from kmigrate.match.arguments import Bound, Misfit, bind
from kmigrate.match.collect import Found
from kmigrate.match.conditions import Conditions
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.roles import Roles
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.rewrite.arguments import Rewritten, Site, rewrite_arguments
from kmigrate.rewrite.decision import Already, Changed, Decision, ForReview, Same, Text, Unaccounted
from kmigrate.rewrite.dialect import Dialect
from kmigrate.rewrite.handlers import Context, handler
from kmigrate.rewrite.imports import delete_statement
from kmigrate.rewrite.layout import Layout, layout
from kmigrate.rewrite.mixed import half_migrated
from kmigrate.rewrite.modules import Places
from kmigrate.rewrite.ordering import literal_edits
from kmigrate.rewrite.plan import Refusal, chosen, defaults_of, variant
from kmigrate.rewrite.template import fill
from kmigrate.ruleset.schema import Rewrite, Rule
from kmigrate.source.module import Module

NO_RULE = "KM000"
"""The id under which gaps and plain facts of the tables are reported."""


@dataclass(slots=True)
class Decider:
    """Decides the uses of one module."""

    module: Module
    scopes: ModuleScope
    evaluator: Evaluator
    places: Places
    roles: Roles
    dialect: Dialect
    _done: dict[ast.AST, Decision] = field(default_factory=dict)

    def judge(self, founds: list[Found]) -> None:
        """Find out which Keras the file speaks."""
        for found in founds:
            if found.new:
                self.dialect.only_keras2 += 1
            elif found.kind == "import" and not found.module and self.places.name(found.name) is None:
                self.dialect.only_keras1 += 1
            elif found.call is not None and found.certain:
                self._judge_call(found)

    def _judge_call(self, found: Found) -> None:
        keras1 = self._signature(self.places.keras1, found)
        if keras1 is None or found.call is None:
            return
        rules = self.places.rules.calls.get(found.name)
        targets = self._targets(found, variant(rules[0], self.places.targets) if rules else None)
        speaks1 = not isinstance(bind(keras1, found.call, leading=found.leading, partial=found.kind == "partial"), Misfit)
        speaks2 = self._fits(found, targets)
        self.dialect.only_keras1 += speaks1 and not speaks2
        self.dialect.only_keras2 += speaks2 and not speaks1

    def decide(self, found: Found) -> Decision:
        """The decision for one use; for an object of several possible classes, the one that suits all of them."""
        decision = self._decide(found)
        for other in found.others:
            if not _agree(decision, self._decide(other)):
                return ForReview(
                    NO_RULE, f"the object is a {found.cls} or a {other.cls}, and they need different changes here.",
                    "Write it out for each of them, or migrate this line by hand.",
                )  # fmt: skip
        return decision

    def _decide(self, found: Found) -> Decision:
        if found.new:
            return Already()
        match found.kind:
            case "call" | "method" | "construct" | "partial":
                return self._call(found)
            case "reference" | "subclass":
                return self._reference(found)
            case "attribute":
                return self._attribute(found)
            case "definition":
                return self._definition(found)
            case "assign":
                return self._assign(found)
            case "import":
                return self._import(found)

    # --- calls ----------------------------------------------------------------------------------------------------

    def _call(self, found: Found) -> Decision:
        if found.call is None:
            return self._attribute(found)
        keras1 = self._signature(self.places.keras1, found)
        conditions = Conditions(self.evaluator, found.scope)
        if found.name in self.places.rules.gone and found.kind == "call":
            return self._gone(found)
        if found.kind == "method":
            protocol = self._protocol(found)
            if protocol is not None:
                return protocol
        if keras1 is None:
            return self._plain(found)
        bound = bind(keras1, found.call, leading=self._leading(found), partial=found.kind == "partial")
        for rule in self.places.rules.calls.get(found.name, ()):
            decision = self._by_rule(rule, found, keras1, bound, conditions)
            if decision is not None:
                return decision
        if found.name in self.places.rules.names:
            rule = self.places.rules.names[found.name][1]
            return self._renamed(found, rule, Changed(rule, target=self.places.rules.names[found.name][0]))
        return self._unruled(found, bound)

    def _by_rule(
        self, rule: Rule, found: Found, keras1: Signature, bound: Bound | Misfit, conditions: Conditions
    ) -> Decision | None:
        rewrite = variant(rule, self.places.targets)
        targets = self._targets(found, rewrite)
        if isinstance(bound, Misfit):
            if self._fits(found, targets):
                return Already()
            if rewrite is not None and not rule.match.given:
                mixed = half_migrated(rule, rewrite, found, keras1, targets, self.module, conditions)
                if mixed is not None:
                    return Changed(rule, tuple(mixed.edits), self._callee(found, rewrite), needs=tuple(mixed.imports))
            if found.certain:
                return ForReview(rule.id, f"this call fits neither Keras 1 ({bound.reason}) nor Keras 2.")
            return None
        defaults = self._defaults(found, keras1)
        if rule.match.given and not conditions.hold(rule.match.given, bound, defaults):
            return None
        if not self._inside(rule, found):
            return None
        if rule.skip_if and conditions.hold(rule.skip_if, bound, {}):
            return Already()
        if rule.confidence == "review" or rewrite is None:
            return ForReview(rule.id, rule.say or rule.title)
        if rule.ambiguous and self.dialect.keras2 and self._fits(found, targets):
            return Already()
        return self._rewritten(rule, rewrite, found, keras1, bound, targets, conditions)

    def _rewritten(
        self, rule: Rule, rewrite: Rewrite, found: Found, keras1: Signature, bound: Bound,
        targets: tuple[tuple[str, Signature], ...], conditions: Conditions,
    ) -> Decision:  # fmt: skip
        if bound.opaque is not None:
            hidden = self.module.segment(bound.opaque)
            if not self._matters(rewrite, bound):
                return Same()
            return ForReview(
                rule.id, f"`{hidden}` hides arguments, so the call can't be rewritten as a whole.",
                "Migrate what it holds by hand, or write the arguments out.",
            )  # fmt: skip
        case = chosen(rule, rewrite, bound, conditions, self._defaults(found, keras1))
        if isinstance(case, Refusal):
            return ForReview(rule.id, case.reason)
        targets = self._targets(found, case)
        confidence = Confidence.UNSAFE if rule.confidence == "unsafe" or not found.certain else Confidence.SAFE
        if case.template is not None:
            return self._template(rule, case, found, bound, keras1, confidence)
        assert found.call is not None
        site = Site(
            rule.id, self.module, found.call, bound, keras1, targets, conditions, partial=found.kind == "partial"
        )
        if case.code is not None:
            context = Context(rule, case, found, site, self.evaluator, self.scopes)
            outcome = handler(case.code)(context)
            if isinstance(outcome, Refusal):
                return ForReview(rule.id, outcome.reason)
            if not isinstance(outcome, Rewritten):
                return outcome
            rewritten: Rewritten | Refusal = outcome
        else:
            rewritten = rewrite_arguments(site, case)
        if isinstance(rewritten, Refusal):
            return ForReview(rule.id, rewritten.reason)
        edits = list(rewritten.edits)
        if case.literals:
            flow = literal_edits(rule.id, found, case.literals, self.module, self.scopes, self.evaluator)
            edits.extend(flow.edits)
            if flow.wrapper is not None:
                edits.append(flow.wrapper)
        if rewritten.unsafe:
            confidence = Confidence.UNSAFE
        target = self._callee(found, case)
        if found.kind == "method" and isinstance(found.node, ast.Attribute) and self._renames(found, target):
            assert target is not None
            edits.append(self._attribute_edit(found.node, target, rule, confidence))
        if not edits and not self._renames(found, target):
            return Same()
        return Changed(rule, tuple(edits), target, needs=tuple(rewritten.imports), confidence=confidence)

    def _template(
        self, rule: Rule, case: Rewrite, found: Found, bound: Bound, keras1: Signature, confidence: Confidence
    ) -> Decision:
        assert found.call is not None and case.template is not None
        if found.kind in ("construct", "partial"):
            return ForReview(rule.id, f"{rule.title}: a subclass or partial of it can't be rewritten by itself.")
        shape = layout(self.module, found.call)
        whole = self.module.span(found.call)
        owner = self.module.span(found.node.value) if isinstance(found.node, ast.Attribute) else None
        defaults = self._defaults(found, keras1)
        trial = fill(case.template, bound, shape, whole, defaults, {}, owner)
        if isinstance(trial, Refusal):
            return ForReview(rule.id, trial.reason)
        build = partial(_filled, rule, case.template, bound, shape, whole, defaults, confidence, owner)
        return Changed(rule, text=Text(case.imports, build), confidence=confidence)

    def _matters(self, rewrite: Rewrite, bound: Bound) -> bool:
        """Whether hidden arguments could need a rewrite: only where the rule changes some parameter."""
        changed = any(spec.tuple or spec.rename != key or spec.values or spec.wrap for key, spec in rewrite.arguments.items())  # fmt: skip
        return changed or bool(rewrite.drop or rewrite.require or rewrite.add or rewrite.choose_by or rewrite.code)

    def _inside(self, rule: Rule, found: Found) -> bool:
        if not rule.match.inside and not rule.match.not_inside:
            return True
        role = self.roles.role(found.scope)
        return (not rule.match.inside or role in rule.match.inside) and role not in rule.match.not_inside

    def _unruled(self, found: Found, bound: Bound | Misfit) -> Decision:
        """No rule: the tables say whether the call means the same."""
        targets = self._targets(found, None)
        if len(targets) < len(self.places.targets):
            return self._plain(found)
        if isinstance(bound, Misfit):
            return Already() if self._fits(found, targets) else Unaccounted(
                f"this call fits neither Keras 1 ({bound.reason}) nor Keras 2."
            )  # fmt: skip
        for version, signature in targets:
            for argument in bound.arguments:
                place = signature.position(argument.parameter)
                renamed = place is None and signature.parameter(argument.parameter) is None
                taken = renamed and argument.order < len(signature.positional)
                moved = argument.keyword is None and place != argument.order and not taken
                limit = signature.positional_limit
                beyond = argument.keyword is None and limit is not None and argument.order >= limit
                varying = any(parameter.kind == "args" for parameter in signature.parameters)
                if (moved or beyond) and not varying or (
                    argument.keyword is not None and not signature.accepts(argument.parameter)
                ):
                    return Unaccounted(f"`{argument.parameter}` differs in Keras {version}.")
        return self._plain(found)

    def _plain(self, found: Found) -> Decision:
        """Only the place of the name can have changed."""
        if found.kind == "method":
            return self._member(found)
        place = self.places.name(found.name)
        if place is None:
            if found.name.rpartition(".")[2].startswith("__"):
                return Same()
            if self.places.keras1.canonical(found.name) is None:
                return ForReview(
                    NO_RULE, f"`{found.name}` is not in Keras 1.2.2: this code was written for an older Keras.",
                    "Bring it to Keras 1.2.2 first, or rewrite it for Keras 2 by hand.",
                )  # fmt: skip
            return self._gone(found)
        target, rule = place
        if rule is None and self._stands(found, target):
            return Same()
        if target.endswith("()"):
            assert isinstance(found.node, ast.expr) and rule is not None
            end = self.module.end(found.node)
            return Changed(rule, (insert(end, "()", rule=rule.id),), target.removesuffix("()"))
        rule = rule or self.places.rules.moved
        if rule is None or found.kind == "construct":
            return Same()
        return Changed(rule, target=target) if self._renames(found, target) else Same()

    def _gone(self, found: Found) -> Decision:
        rule = self.places.rules.gone.get(found.name)
        if rule is not None:
            return ForReview(rule.id, rule.say or rule.title)
        missing = [target.version for target in self.places.targets if target.canonical(found.name) is None]
        return Unaccounted(f"`{found.name}` does not exist in Keras {', '.join(missing) or '2'}.")

    # --- names, attributes, definitions ---------------------------------------------------------------------------

    def _reference(self, found: Found) -> Decision:
        if found.module:
            return self._module(found)
        if found.name in self.places.rules.gone:
            return self._gone(found)
        for rule in self.places.rules.calls.get(found.name, ()):
            rewrite = variant(rule, self.places.targets)
            if rewrite is not None and rewrite.to is not None and self._is_class(found.name):
                return self._renamed(found, rule, Changed(rule, target=rewrite.to))
        facts = self.places.keras1.get(found.name)
        if facts is not None and facts.kind == "function" and self.places.rules.calls.get(found.name):
            rule = self.places.rules.calls[found.name][0]
            rewrite = variant(rule, self.places.targets)
            if rewrite is not None and (rewrite.to is None or rewrite.choose_by or rewrite.template):
                place = self.places.name(found.name)
                if place is not None and place[1] is None:
                    return self._plain(found)
                return ForReview(rule.id, f"`{found.name}` is passed on as a value: its calls can't be seen here.")
        return self._plain(found)

    def _renamed(self, found: Found, rule: Rule, changed: Changed) -> Decision:
        assert changed.target is not None
        return changed if self._renames(found, changed.target) else Same()

    def _module(self, found: Found) -> Decision:
        module = self.places.module(found.name)
        if module is None:
            return self._gone(found)
        if module == (self.places.keras1.canonical(found.name) or found.name):
            return Same()
        rule = self.places.rules.modules.get(found.name)
        cause = rule[1] if rule is not None else self.places.rules.moved
        return Changed(cause) if cause is not None else Same()

    def _attribute(self, found: Found) -> Decision:
        name = found.name.rpartition(".")[2]
        for rule in self.places.rules.attributes.get(name, ()):
            if not self._is_of(rule, found) or not self._inside(rule, found):
                continue
            if rule.confidence == "review" or rule.rewrite is None:
                return ForReview(rule.id, rule.say or rule.title)
            node = found.node
            assert isinstance(node, ast.Attribute)
            confidence = Confidence.UNSAFE if rule.confidence == "unsafe" or not found.certain else Confidence.SAFE
            if rule.rewrite.to is not None:
                edit = self._attribute_edit(node, rule.rewrite.to, rule, confidence)
                return Changed(rule, (edit,), confidence=confidence)
            if rule.rewrite.template is not None:
                whole, owner = self.module.span(node), self.module.span(node.value)
                build = partial(
                    _filled, rule, rule.rewrite.template, Bound(()), None, whole, {}, confidence, owner
                )
                return Changed(rule, text=Text(rule.rewrite.imports, build), confidence=confidence)
        protocol = self._protocol(found) if found.kind == "attribute" else None
        return protocol or self._member(found)

    def _member(self, found: Found) -> Decision:
        """A member that no rule mentions: the same where every target has it, in the object's class or in its owner."""
        if found.cls == "keras_tensor":
            return Same()
        owner, _, name = found.name.rpartition(".")
        for target in self.places.targets:
            classes = [self._class_in(target, cls) for cls in dict.fromkeys((found.cls or owner, owner))]
            if not any(cls is not None and target.member(cls, name) is not None for cls in classes):
                return Unaccounted(f"`{found.name}` does not exist in Keras {target.version}.")
        return Same()

    def _class_in(self, target: Knowledge, cls: str) -> str | None:
        if target.canonical(cls) is not None:
            return target.canonical(cls)
        place = self.places.name(cls)
        if place is not None:
            return place[0]
        for rule in self.places.rules.calls.get(cls, ()):
            if rule.rewrite is not None and rule.rewrite.to is not None:
                return target.canonical(rule.rewrite.to)
        return None

    def _protocol(self, found: Found) -> Decision | None:
        """A call of a method that a rule for definitions renames (`super().get_output_shape_for(shape)`)."""
        node = found.node
        if not isinstance(node, ast.Attribute):
            return None
        for rule in self.places.rules.methods.get(node.attr, ()):
            if not self._is_of(rule, found):
                continue
            if rule.confidence == "review" or rule.rewrite is None or rule.rewrite.to is None:
                return ForReview(rule.id, rule.say or rule.title)
            confidence = Confidence.SAFE if found.certain else Confidence.UNSAFE
            return Changed(rule, (self._attribute_edit(node, rule.rewrite.to, rule, confidence),), confidence=confidence)
        return None

    def _attribute_edit(self, node: ast.Attribute, new: str, rule: Rule, confidence: Confidence) -> Edit:
        end = self.module.end(node)
        return replace(end - len(node.attr), end, new.rpartition(".")[2], rule=rule.id, confidence=confidence)

    def _definition(self, found: Found) -> Decision:
        node = found.node
        assert isinstance(node, ast.FunctionDef)
        for rule in self.places.rules.methods.get(node.name, ()):
            if not self._is_of(rule, found):
                continue
            if rule.confidence == "review" or rule.rewrite is None:
                return ForReview(rule.id, rule.say or rule.title)
            if rule.rewrite.to is not None:
                start = self.module.text.index(node.name, self.module.start(node) + len("def"))
                edit = replace(start, start + len(node.name), rule.rewrite.to, rule=rule.id)
                return Changed(rule, (edit,))
        return self._member(found)

    def _assign(self, found: Found) -> Decision:
        node = found.node
        assert isinstance(node, ast.Attribute)
        statement = self.scopes.statement(node)
        for rule in self.places.rules.assigns.get(node.attr, ()):
            if not self._is_of(rule, found) or not self._inside(rule, found):
                continue
            if rule.rewrite is None or not rule.rewrite.delete:
                return ForReview(rule.id, rule.say or rule.title)
            if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
                return ForReview(rule.id, rule.say or rule.title)
            edit = delete_statement(self.module, statement, self.scopes.parents.get(statement), rule.id)
            return Changed(rule, (edit,))
        return Same()

    def _import(self, found: Found) -> Decision:
        """Imports follow their uses; here only what the name itself says."""
        if found.module:
            return Same() if self.places.module(found.name) is not None else self._gone(found)
        if self.places.rules.calls.get(found.name) or found.name in self.places.rules.names:
            return Same()
        return self._plain(found)

    def _defaults(self, found: Found, keras1: Signature) -> dict[str, str | None]:
        """Keras 1 defaults; of parameters that go through `**kwargs`, those of the base classes (`consume_less`)."""
        defaults: dict[str, str | None] = {}
        for ancestor in reversed(self.places.keras1.ancestors(found.name)):
            facts = self.places.keras1.get(ancestor)
            if facts is not None:
                defaults.update(defaults_of(facts.signature))
        return {**defaults, **defaults_of(keras1)}

    # --- small questions ------------------------------------------------------------------------------------------

    def _signature(self, keras: Knowledge, found: Found) -> Signature | None:
        if found.kind == "method":
            owner, _, name = found.name.rpartition(".")
            member = keras.member(found.cls or owner, name)
            return member.signature if member is not None else None
        facts = keras.get(found.name)
        return facts.signature if facts is not None else None

    def _targets(self, found: Found, rewrite: Rewrite | None) -> tuple[tuple[str, Signature], ...]:
        """The signatures that the rewritten call must fit, by version."""
        signatures: list[tuple[str, Signature]] = []
        for target in self.places.targets:
            signature: Signature | None = None
            if found.kind == "method":
                owner, _, name = found.name.rpartition(".")
                cls = self._class_in(target, found.cls or owner)
                new = rewrite.to.rpartition(".")[2] if rewrite is not None and rewrite.to else name
                member = target.member(cls, new) if cls is not None else None
                signature = member.signature if member is not None else None
            else:
                path = rewrite.to if rewrite is not None and rewrite.to else None
                if path is None:
                    place = self.places.name(found.name)
                    path = place[0] if place is not None else found.name
                facts = target.get(path)
                signature = facts.signature if facts is not None else None
            if signature is not None:
                signatures.append((target.version, signature))
        return tuple(signatures)

    def _fits(self, found: Found, targets: tuple[tuple[str, Signature], ...]) -> bool:
        if not targets or found.call is None:
            return False
        leading = self._leading(found)
        for _, signature in targets:
            bound = bind(signature, found.call, leading=leading, partial=found.kind == "partial")
            if isinstance(bound, Misfit):
                return False
            limit = signature.positional_limit
            if limit is not None and len(found.call.args) - leading > limit:
                return False
        return True

    def _leading(self, found: Found) -> int:
        return found.leading

    def _callee(self, found: Found, rewrite: Rewrite) -> str | None:
        if found.kind in ("construct", "partial"):
            return None
        if found.kind == "method":
            return rewrite.to
        if rewrite.to is not None:
            return rewrite.to
        place = self.places.name(found.name)
        if place is None or self._stands(found, place[0]):
            return None
        return place[0]

    def _stands(self, found: Found, target: str) -> bool:
        """Whether every target still has the name where this file finds it (`keras.applications.vgg16.preprocess_input`)."""
        spelled = found.spelled
        same_name = spelled.rpartition(".")[2] == target.rpartition(".")[2]
        return bool(spelled) and same_name and self.places.exists(spelled)

    def _renames(self, found: Found, target: str | None) -> bool:
        if target is None or found.kind in ("construct", "partial"):
            return False
        if found.kind == "method":
            return target.rpartition(".")[2] != found.name.rpartition(".")[2]
        return target != (found.spelled or found.name)

    def _is_class(self, name: str) -> bool:
        facts = self.places.keras1.get(name)
        return facts is not None and facts.kind == "class"

    def _is_of(self, rule: Rule, found: Found) -> bool:
        if rule.match.of is None:
            return True
        if rule.match.of == "keras_tensor" or found.cls == "keras_tensor":
            return rule.match.of == found.cls
        wanted = self.places.keras1.canonical(rule.match.of) or rule.match.of
        owner = found.cls or found.name.rpartition(".")[0]
        return wanted in self.places.keras1.ancestors(owner)


def _agree(first: Decision, second: Decision) -> bool:
    """Whether two decisions come to the same text."""
    if isinstance(first, Changed) and isinstance(second, Changed):
        if first.text is not None or second.text is not None:
            return first.rule is second.rule and first.text is not None and second.text is not None
        return [(e.start, e.end, e.pieces) for e in first.edits] == [(e.start, e.end, e.pieces) for e in second.edits]
    return type(first) is type(second)


def _filled(
    rule: Rule, template: str, bound: Bound, shape: Layout | None, whole: Span, defaults: Mapping[str, str | None],
    confidence: Confidence, owner: Span | None, spelled: dict[str, str],
) -> list[Edit]:  # fmt: skip
    names = {path.rpartition(".")[2]: text for path, text in spelled.items()}
    pieces = fill(template, bound, shape, whole, defaults, names, owner)
    assert not isinstance(pieces, Refusal)
    return [replace(whole.start, whole.end, *pieces, rule=rule.id, confidence=confidence)]

"""What a rule file may say: the rule language as frozen pydantic models.

A rule says *what Keras 1 thing, what Keras 2 thing, how the arguments move, how sure, why, show me*. Names are the
documented ones (`keras.layers.Convolution2D`, `keras.models.Model.fit`); aliases, import paths, instances, subclasses,
positional arguments, order, comments and imports are the engine's work, never the author's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kmigrate.results import Affected

if TYPE_CHECKING:
    from typing_extensions import Self

Role: TypeAlias = Literal[
    "graph",
    "layer_build",
    "layer_call",
    "layer_method",
    "lambda_layer",
    "loss_or_metric",
    "regularizer_or_constraint",
    "optimizer_method",
    "callback_method",
    "initializer",
    "k_function",
]
"""Kinds of code a use can stand in; `graph` is code that builds models, a `layer_method` any but build and call."""

Shape: TypeAlias = Literal[
    "literal", "string", "number", "bool", "none", "tuple", "list", "dict", "lambda", "function", "name", "starred",
    "keras_tensor", "graph_tensor", "any_tensor", "tensor_closure", "model", "choice", "guess", "length",
    "quotient", "rows",
]  # fmt: skip
"""What an argument can look like, or resolve to; a `graph_tensor` is a `keras_tensor` or was made from one, an
`any_tensor` one of these or what a backend function gives, a `tensor_closure` a function that reads tensors of the graph
around it, a `choice` certainly one of several string literals, a `guess` one as far as the calls in sight tell, a `length`
the number of items of something (`len(x)`, `x.shape[0]`, `batches.n`), a `quotient` what `/` gives, `rows` a list of lists
that is written out."""

Scalar: TypeAlias = str | int | float | bool | None


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values; what the original worked out from its own is forgotten."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


class Condition(_Model):
    """A condition on one argument. All keys that are given must hold.

    A bare scalar `x` means `{equals: x}`. Equality is of literals: `"full"` is not equal to a variable, nor `1` to `True`.
    """

    equals: Scalar | list[Scalar] = Field(default=None)
    one_of: tuple[Scalar, ...] | None = None
    is_: tuple[Shape, ...] | None = Field(default=None, alias="is")
    all_: Shape | None = Field(
        default=None, alias="all", description="every item of the list or tuple, or value of the dict, has this shape"
    )
    some: Condition | None = Field(default=None, description="some item of the list, tuple or dict fits (or the value itself)")
    given: bool | None = Field(default=None, description="whether the call gives the argument at all")
    first: Condition | None = Field(default=None, description="the first item of the list or tuple fits")
    axes: int | tuple[int, ...] | None = Field(
        default=None, description="the tensor, or each in the list, certainly has so many axes, or one of these numbers"
    )
    size: int | tuple[int, ...] | None = Field(
        default=None, description="certainly a list or tuple of so many items, or of one of these numbers"
    )
    above: float | None = Field(default=None, description="a number that is greater")
    below: float | None = Field(default=None, description="a number that is less")
    unmasked: bool | None = Field(default=None, description="the tensor, or each in the list, certainly carries no mask")
    can_be: tuple[Scalar, ...] | None = Field(
        default=None, description="one of these, or a value that may be one of them for all that is known of it"
    )
    not_: Condition | None = Field(default=None, alias="not")
    names: tuple[str, ...] | None = Field(default=None, description="the thing itself that has one of these Keras 1 names")
    result: str | None = Field(default=None, description="what a call of this Keras 1 function gives")
    pattern: str | None = Field(default=None, description="a string that this regular expression matches as a whole")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {"equals": value}

    @cached_property
    def has_equals(self) -> bool:
        """Whether `equals` was written (None is a value too)."""
        return "equals" in self.model_fields_set

    @cached_property
    def of_defaults(self) -> dict[str, bool]:
        """Whether defaults that are constants fit, by their text; filled by who looks at one."""
        return {}

    @cached_property
    def only_given(self) -> bool:
        """Whether nothing is asked but whether the argument is given."""
        return self.model_fields_set == {"given"}


class Expression(_Model):
    """A new value that is an expression, with the Keras 2 names it needs; `$old` stands for the old value."""

    expression: str
    imports: tuple[str, ...] = ()


class Argument(_Model):
    """What becomes of one Keras 1 argument (or of several that fold into one).

    rename: Keras 2 parameter; a bare string `x` means `{rename: x}`.
    values: literal -> new literal or expression, looked up in the argument when it is a literal (also in both branches of
        a conditional expression, and through a name that is bound to one literal only).
    items: the same for the items of a list, tuple or dict literal (its values), and for a lone literal.
    wrap: an expression with `$old` put around any value that `values` does not list.
    other: what a value means that is neither listed in `values` nor certainly another literal, such as a variable:
        `keep` it, `unsafe` (keep it, but only on request), `review`, or `look_up`: a name or an attribute is looked up in a
        dict of these words when the program runs, where what it does not list stays as it is; another expression is a review.
    alone: the versions (`">=2.4"`) that want the one item of a list display by itself: `[y]` becomes `y` for them.
    tuple: fold the arguments into one tuple of this Keras 2 parameter, in the order of the key.
    missing: text for a folded argument that the call leaves out; without it the call must give all or none of them.
    only_with: one of the folded parameters, without which the others say nothing, and go.
    """

    rename: str | None = None
    values: dict[Scalar, Scalar | Expression] | None = None
    items: dict[Scalar, Scalar | Expression] | None = None
    wrap: Expression | None = None
    other: Literal["keep", "unsafe", "review", "look_up"] = "keep"
    alone: str | None = None
    tuple: str | None = None
    missing: str | None = None
    only_with: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"rename": value} if isinstance(value, str) else value

    @cached_property
    def converts(self) -> bool:
        """Whether a value can change, and not the name of the parameter alone."""
        return self.values is not None or self.items is not None or self.wrap is not None or self.alone is not None

    @model_validator(mode="after")
    def _one_target(self) -> Argument:
        if (self.rename is None) == (self.tuple is None):
            raise ValueError("say either `rename` or `tuple`")
        return self


class ReviewCase(_Model):
    """A shape of the call that is left to a person.

    The case applies when all of `when` holds, or when any of `when_given` is given, and when some target fits `versions`.
    """

    when: dict[str, Condition] = {}
    when_given: tuple[str, ...] = ()
    versions: str | None = None
    say: str = Field(min_length=10, description="why, and what to do by hand")

    @model_validator(mode="after")
    def _some_condition(self) -> ReviewCase:
        if not self.when and not self.when_given:
            raise ValueError("say `when` or `when_given`")
        return self


class NoteCase(_Model):
    """A difference that no text can hide, in calls of this shape: told once per file.

    The case applies when all of `when` holds and any of `when_given` (if there are some) is given, and when some target fits
    `versions`. `affects` says which numbers differ: the weights at the start, those of a training, the loss, the batches of a
    generator. The referee takes a difference there, on these versions, as told, and nowhere else.
    """

    when: dict[str, Condition] = {}
    when_given: tuple[str, ...] = ()
    versions: str | None = None
    affects: tuple[Affected, ...] = ("start",)
    say: str = Field(min_length=10)


class Rewrite(_Model):
    """What the Keras 2 text is.

    to: documented Keras 2 name of the callee, the attribute or the method; without it the name stays.
    either: two Keras 2 names of the callee, of which some versions have only the second; where the targets differ, the text asks
        for the first (`getattr(optimizers, 'legacy', optimizers).SGD`).
    shared: the same for an optimizer that `compile` is given more than once.
    arguments: Keras 1 parameter (or `"a, b"`) -> what becomes of it. Parameters of the same name and meaning are listed too.
    drop: Keras 1 parameter -> the values (a literal, or a list of them) that may be dropped; `any` drops every value;
        `default` stands for the Keras 1 default. Another value ends as a review.
    require: Keras 1 parameters whose default moved: where the call leaves one out, its Keras 1 default is written under
        its Keras 2 name.
    add: Keras 2 parameter -> text, always written unless the call has it.
    first: Keras 2 parameters that are written by position, in this order (`[learning_rate]` for every optimizer: only the
        position serves all versions).
    keywords: Keras 2 parameters that are never written by position, even where the position is right.
    choose_by, cases, otherwise: the rewrite depends on a literal argument (its Keras 1 default included).
    choice: the template where the argument is one of several literals; `$choices` is a dict from each to its callee.
    made: the same where other arguments mean something for some of these literals only, or where the argument may be something
        else; a case says in its own `made` what is made for its literal (`keras.layers.Concatenate(axis=$concat_axis)`).
    template: free text with `$parameter` holes; `$all` is the whole original text, `$object` what stands before the dot,
        `$callee` the last part of the callee's name, `$x.rest` the tuple `x` without its first item. Of what feeds a
        layer, `$function` is the operation as a function of its `$tensors`, `$shape` the shape that `_keras_shape` gave it.
    imports: Keras 2 names that the template or `add` uses (they are spelled in the text by their last part).
    literals: literals that the result of the call is compared with, or that an attribute is asked for by (its keys), and their
        new text. The conditions of a review know such a key as `key`.
    delete: the statement goes (for `match.assign`).
    code: `module:function` for what data cannot say; see `kmigrate/rewrite/handlers`.
    """

    to: str | None = None
    either: tuple[str, str] | None = None
    shared: tuple[str, str] | None = None
    arguments: dict[str, Argument] = {}
    drop: dict[str, Scalar | tuple[Scalar, ...]] = {}
    require: tuple[str, ...] = ()
    add: dict[str, str] = {}
    first: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    choose_by: str | None = None
    cases: dict[Scalar, Rewrite] = {}
    otherwise: Rewrite | str | None = Field(default=None, description="a rewrite, or the text of a review")
    choice: str | None = None
    made: str | None = None
    template: str | None = None
    imports: tuple[str, ...] = ()
    literals: dict[str, str] = {}
    delete: bool = False
    code: str | None = None

    @cached_property
    def by_parameter(self) -> dict[str, tuple[tuple[str, ...], Argument]]:
        """What becomes of each Keras 1 parameter, with those that fold into one with it."""
        found: dict[str, tuple[tuple[str, ...], Argument]] = {}
        for key, spec in self.arguments.items():
            group = tuple(part.strip() for part in key.split(","))
            found |= dict.fromkeys(group, (group, spec))
        return found

    @cached_property
    def merged(self) -> dict[int, Rewrite]:
        """This rewrite with one of its cases worked in, by the identity of the case; filled by who asks for one."""
        return {}

    @model_validator(mode="after")
    def _choice(self) -> Rewrite:
        if bool(self.cases) != (self.choose_by is not None):
            raise ValueError("`choose_by` and `cases` go together")
        return self


class Helper(_Model):
    """A layer of kmigrate's own that computes what the Keras 1 call does: `--emit-helpers` puts it in the place of a review.

    layer: its name in `kmigrate/helpers/keras1_layers.py`; when: the calls that are meant. arguments, drop: as in a rewrite, on
    top of those of the rule's own.
    """

    layer: str
    when: dict[str, Condition] = {}
    arguments: dict[str, Argument] = {}
    drop: dict[str, Scalar | tuple[Scalar, ...]] = {}


class Match(_Model):
    """Which use of Keras 1 the rule treats: exactly one of the keys up to `gone`, `pattern` or `keys`.

    call: documented name(s) of a class, function or method (`keras.models.Model.fit`).
    method: name of a method *defined* in a subclass of `of`, and of calls to it on such objects.
    attribute: attribute read from an object of `of`.
    assign: attribute assigned on an object of `of` (`keras_tensor` for tensors of the graph).
    names: Keras 1 name -> Keras 2 name of things that moved or were renamed and kept their parameters.
    modules: the same for modules.
    moved: true for the one rule that shortens deep import paths to the documented ones (`keras.layers.core.Dense`).
    pattern: an operation on tensors of the graph, with holes (`$left + $right`; `K` is the backend); `$operation` fits
        every operation. What stands in the holes is spoken of like arguments.
    feeds: `layer`: the result ends in a layer or a model, which a tensor of the backend can't.
    alike: tensors with the same, known number of axes and without masks.
    gone: Keras 1 names without any counterpart; `review` says what to do.
    keys: strings that are names of Keras 1: keys that are `stored` in a dict, or what `where` says.
    where: of `keys`: those that are `read` from what get_config gave, keywords that are `passed` to a callee which nobody knows,
        or to a method that is looked up `by_name`, or names of classes that are `compared` with that of an object, or stored in
        a table by which one is looked up.
        Names of layers that Keras 1 has `made_up` (`convolution2d_1`), or that are `numbered` in another way, and compared with
        the name of an object or ask for an output (`val_dense_1_loss`); of a `weight`, behind that of its layer; a `setting` in
        keras.json; the `backend` that the environment variable is set to. Flags that the `body` of a layer's class sets. Names
        that are `evaluated` by one of these builtins. No string: attributes that one of these methods of a layer keeps a tensor
        in, used outside of it (`kept`); calls of a name that comes from a file which the module has `ran`.
    partial: `initializer`: the `call` is that of functools.partial, or all that a lambda or a function of a shape and a name
        does, and serves as an initializer alone. The `template` is the object; a function calls it with its shape.
    guess: of an `attribute`, also that of an object which nobody knows (`any`: only Keras 1 has the name), of a layer that a
        model or a wrapper holds (`layer`), of a list that is `changed` in place, or of a class whose name is `compared`
        (`x.__class__.__name__ == 'Dense'`). Such a use is never safe; a rule of confidence `review` with this key is for
        such uses alone.
    copied: those of `gone` that a person copies into the project: where one is imported by name, the review stands at the
        import alone, for the calls are right once the function is there.
    of: the class of the object whose member is meant; of a method in `call` that the class has from a base, objects of the class
        alone: such a rule comes before those for all that have the method.
    itself: of a method in `call`: only that of the class itself, by super(), by its name or of an object that is made of it in
        sight. An object that Keras gives (`model.get_layer`) can be of a class that defines its own.
    unless_defined: methods; not meant are objects, made by the `call` or with the attribute of `assign`, of a class of the user's
        that defines one of them anew, and does not call the one of its base there.
    unlisted: the names are not in Keras 1.2.2: those of an older Keras (`keras.models.Graph`), or members that Keras only
        looks for.
    """

    call: tuple[str, ...] | None = None
    method: str | None = None
    attribute: tuple[str, ...] | None = None
    assign: str | None = None
    names: dict[str, str] | None = None
    modules: dict[str, str] | None = None
    moved: bool | None = None
    gone: tuple[str, ...] | None = None
    pattern: str | None = None
    feeds: Literal["layer"] | None = None
    alike: tuple[str, ...] = ()
    keys: tuple[str, ...] | None = None
    where: Literal[
        "stored", "read", "passed", "by_name", "compared", "made_up", "numbered", "weight", "setting", "backend", "body",
        "evaluated", "kept", "ran",
    ] = "stored"  # fmt: skip
    partial: Literal["initializer"] | None = None
    guess: Literal["any", "layer", "changed", "compared"] | None = None
    of: str | None = None
    itself: bool = False
    unless_defined: tuple[str, ...] = ()
    unlisted: bool = False
    copied: tuple[str, ...] = ()
    given: dict[str, Condition] = {}
    inside: tuple[Role, ...] = ()
    not_inside: tuple[Role, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        if isinstance(value, dict):
            value = dict(value)
            for key in ("call", "attribute", "gone"):
                if isinstance(value.get(key), str):
                    value[key] = (value[key],)
        return value

    @model_validator(mode="after")
    def _one_kind(self) -> Match:
        kinds = ("call", "method", "attribute", "assign", "names", "modules", "moved", "gone", "pattern", "keys")
        given = [kind for kind in kinds if getattr(self, kind) is not None]
        if not given or (len(given) > 1 and set(given) != {"names", "modules"}):
            raise ValueError(f"say exactly one of {', '.join(kinds)}")
        if (self.method or self.attribute or self.assign) and self.of is None:
            raise ValueError("`method`, `attribute` and `assign` need `of`")
        if self.guess is not None and self.attribute is None:
            raise ValueError("`guess` is for an `attribute`")
        if self.keys is None and self.where != "stored":
            raise ValueError("`where` is for `keys`")
        if self.pattern is not None and self.feeds is None:
            raise ValueError("a `pattern` is looked for in what feeds layers only: say `feeds: layer`")
        return self


class Example(_Model):
    """A small program that shows the rule; each is a test and a part of the documentation.

    `before` with `after`; or `unchanged`; or `review` (a program with a use that ends as a review of this rule; the text
    does not change for it). `unsafe: true` where the change needs `--unsafe`; `to` names a target version. `tells` is a
    phrase of what the rule tells besides.
    `runs: true` marks a program that binds `model`, so that real Kerases can compare both texts.
    """

    title: str | None = None
    before: str | None = None
    after: str | None = None
    unchanged: str | None = None
    review: str | None = None
    says: str | None = Field(default=None, description="a phrase that the review must hold")
    tells: str | None = Field(default=None, description="a phrase that a note must hold")
    unsafe: bool = False
    to: str | None = None
    runs: bool = False

    @model_validator(mode="after")
    def _one_kind(self) -> Example:
        if (self.before is None) != (self.after is None):
            raise ValueError("`before` and `after` go together")
        if sum(text is not None for text in (self.before, self.unchanged, self.review)) != 1:
            raise ValueError("say `before` and `after`, or `unchanged`, or `review`")
        return self


class Rule(_Model):
    """One rule.

    ambiguous: the rewrite changes calls that are legal in both Keras 1 and Keras 2 (a default that moved, samples that
        became steps). It is not applied in files that speak Keras 2 already.
    skip_if: argument shapes that mean that the call already speaks Keras 2.
    note: what a reader of the diff should know, told once per file where the rule changes something.
    helpers: layers of ours that the first fitting call gets in place of its review, on request.
    notes: the same for calls of a certain shape, changed or not.
    targets: version specifier (`"<2.1.5"`) -> the rewrite that replaces `rewrite` when every target fits it.
    """

    id: str = Field(pattern=r"^[A-Z]{2,8}\d{3}$")
    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str = Field(max_length=100)
    why: str = Field(min_length=20)
    links: tuple[str, ...] = ()
    since: str = Field(pattern=r"^\d+\.\d+\.\d+$", description=(
        "the Keras version that made the rule needed; what only asks for a person is not asked where all targets are older"
    ))
    confidence: Literal["safe", "unsafe", "review"] = "safe"
    ambiguous: bool = False
    match: Match
    rewrite: Rewrite | None = None
    targets: dict[str, Rewrite] = {}
    skip_if: dict[str, Condition] = {}
    review: Annotated[tuple[ReviewCase, ...], Field()] = ()
    helpers: tuple[Helper, ...] = ()
    say: str | None = Field(default=None, description="the text of the review, for confidence `review` and `gone`")
    note: str | None = None
    notes: tuple[NoteCase, ...] = ()
    examples: tuple[Example, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _consistent(self) -> Rule:
        if (self.confidence == "review" or self.match.gone) and not self.say:
            raise ValueError("a rule of confidence `review`, or with `match.gone`, needs `say`")
        if self.confidence == "review" and self.rewrite is not None:
            raise ValueError("a rule of confidence `review` cannot have a `rewrite`")
        return self

# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH103, PTH109, PTH110, PTH118, PTH119, PTH120, PTH123, SIM105, SIM115, RUF100
"""What does a script find in place of packages that its environment lacks, of arguments, and of a search that takes long?

Packages that only draw or measure, the image functions that SciPy gave up, what Python itself had otherwise; for required
arguments of a command line a small picture, or a number; and a minimum is looked for in one step.
"""

import argparse
import builtins
import importlib
import importlib.machinery
import os
import re
import sys
import types
from typing import Any, List, Optional
from unittest import mock

import numpy as np

DRAWING = ("matplotlib", "pylab", "mpl_toolkits", "seaborn", "pydot", "graphviz")
"""What only draws, and is not in every environment; with all modules in these packages."""

MOVED = {
    "cPickle": "pickle", "StringIO": "io", "Queue": "queue", "urllib2": "urllib.request", "ConfigParser": "configparser",
    "sklearn.cross_validation": "sklearn.model_selection", "sklearn.grid_search": "sklearn.model_selection",
    "sklearn.externals.joblib": "joblib",
}  # fmt: skip
"""Modules of Python 2, also met in files that are Python 3 otherwise, and of its packages, and what they are called today."""

PICTURE = (480, 48)
"""Height and width: narrow, for scripts fix the height; as wide as five poolings need."""


def install(folder: str) -> None:
    """Put everything into its place; what must be a file goes into the folder."""
    sys.meta_path += [_Drawing(), _Moved()]
    _models_drawn()
    _absent("cairocffi", _cairo())
    _absent("editdistance", types.SimpleNamespace(eval=lambda one, other: max(len(one), len(other))))
    _absent("tqdm", types.SimpleNamespace(tqdm=lambda items=None, *_, **__: items, trange=lambda *ends, **_: range(*ends)))
    for name, kind in (("xrange", range), ("unicode", str), ("raw_input", input)):
        vars(builtins).setdefault(name, kind)
    _old_split()
    _pictures()
    _one_step()
    _arguments(folder)


def _absent(name: str, stand_in: Any) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        sys.modules[name] = stand_in


class _Drawing:
    """Finds the modules that draw where nothing else does: whatever is asked of them, they take it."""

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        """The finder of the import system."""
        drawing = name.partition(".")[0] in DRAWING
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if drawing else None  # type: ignore[arg-type]

    def create_module(self, _spec: Any) -> Any:
        """The module, before it is filled."""
        return mock.MagicMock()

    def exec_module(self, _module: Any) -> None:
        """There is nothing to fill it with."""


class _Moved:
    """Finds modules under the name that they once had, where nothing else does."""

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        """The finder of the import system."""
        return importlib.machinery.ModuleSpec(name, self) if name in MOVED else None  # type: ignore[arg-type]

    def create_module(self, _spec: Any) -> Any:
        """An empty module will do, as another one takes its place."""
        return None

    def exec_module(self, module: Any) -> None:
        """Put the module of today there."""
        sys.modules[module.__name__] = importlib.import_module(MOVED[module.__name__])


def _models_drawn() -> None:
    """Keras 2 looks for pydot when it is imported itself."""
    for name, module in list(sys.modules.items()):
        if name.startswith("keras.") and vars(module).get("pydot", module) is None:
            vars(module)["pydot"] = importlib.import_module("pydot")


def _cairo() -> Any:
    """Surfaces that stay white."""

    def surface(_format: Any, width: int, height: int) -> Any:
        return types.SimpleNamespace(get_data=lambda: b"\xff" * (4 * width * height))

    context = mock.MagicMock()
    context.return_value.__enter__.return_value.text_extents = lambda text: (0, 0, 8 * len(text), 16, 0, 0)
    constants = {"FORMAT_RGB24": 1, "FONT_SLANT_NORMAL": 0, "FONT_WEIGHT_NORMAL": 0, "FONT_WEIGHT_BOLD": 1}
    return types.SimpleNamespace(ImageSurface=surface, Context=context, **constants)


def _old_split() -> None:
    """Before Python 3.7 `re.split` passed over matches of nothing, which scripts of that time rely on."""
    split = re.split

    def passing(pattern: Any, string: Any, maxsplit: int = 0, flags: int = 0) -> Any:
        if maxsplit or not isinstance(string, str) or not re.match(pattern, "", flags):
            return split(pattern, string, maxsplit, flags)
        found: List[Any] = []
        start = 0
        for match in re.finditer(pattern, string, flags):
            if match.group():
                found += [string[start : match.start()], *match.groups()]
                start = match.end()
        return [*found, string[start:]]

    vars(re)["split"] = passing


def _pictures() -> None:
    """The functions of scipy.misc that read and write pictures, gone from SciPy 1.2 on, and the default of the old Pillow."""
    try:
        picture, misc = importlib.import_module("PIL.Image"), importlib.import_module("scipy.misc")
    except ImportError:
        return
    if not hasattr(misc, "imread"):
        vars(misc)["imread"] = lambda path, *_, **__: np.asarray(picture.open(path))
        vars(misc)["imsave"] = lambda *_, **__: None
    vars(misc).setdefault("imresize", lambda pixels, size, *_, **__: _resized(picture, pixels, size))
    resize, nearest = picture.Image.resize, picture.NEAREST
    picture.Image.resize = lambda image, size, resample=nearest, *args: resize(image, size, resample, *args)


def _resized(picture: Any, pixels: Any, size: Any) -> Any:
    """Pixels in another size, height first; by a percentage or a fraction of the old one too."""
    image = picture.fromarray(np.asarray(pixels).astype("uint8"))
    if not isinstance(size, tuple):
        part = size / 100.0 if isinstance(size, int) else size
        size = tuple(int(side * part) for side in np.shape(pixels)[:2])
    return np.asarray(image.resize(size[1::-1], picture.BILINEAR))


def _one_step() -> None:
    try:
        optimize = importlib.import_module("scipy.optimize")
    except ImportError:
        return

    def once(func: Any, x0: Any, fprime: Any = None, args: Any = (), **_: Any) -> Any:
        """The value and the slope where the search would begin."""
        value = func(x0, *args)
        if fprime is not None:
            fprime(x0, *args)
        return x0, value, {}

    vars(optimize)["fmin_l_bfgs_b"] = once


def _arguments(folder: str) -> None:
    parse = argparse.ArgumentParser.parse_known_args

    def parse_known_args(parser: Any, args: Optional[List[str]] = None, namespace: Any = None) -> Any:
        if args is None and len(sys.argv) == 1:
            args = [text for action in parser._actions for text in _said(action, folder)]
        return parse(parser, args, namespace)

    vars(argparse)["ArgumentParser"].parse_known_args = parse_known_args


def _said(action: Any, folder: str) -> List[str]:
    """What the command line says for an argument: nothing if the script can do without."""
    options = [option for option in action.option_strings if option.startswith("--")]
    picture = action.dest.endswith(("image", "image_path", "image_dir", "mask"))
    count = action.type is int and action.dest.startswith(("n", "num_"))
    needed = action.required or (action.default is None and (picture or count))
    if not needed or action.nargs == 0 or (not action.required and not options):
        return []
    if action.choices:
        value = str(next(iter(action.choices)))
    elif action.type in (int, float):
        value = "2"
    else:
        value = _picture(folder) if picture else os.path.join(folder, action.dest)
    return [*options[:1], value] if options or not action.option_strings else [action.option_strings[0], value]


def _picture(folder: str) -> str:
    """A picture of coloured noise."""
    path = os.path.join(folder, "picture.png")
    if not os.path.exists(path):
        height, width = PICTURE
        noise = np.random.RandomState(0).randint(0, 256, size=(height, width, 3))
        importlib.import_module("PIL.Image").fromarray(noise.astype("uint8")).save(path)
    return path

"""What only IPython reads is painted over; what cannot be read is skipped, and stops no other cell."""

import ast

import pytest
from made_notebooks import notebook

from kmigrate.source.notebook.magics import foreign, without_magics
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.parsing import parsed


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("%matplotlib inline\nx = 1", "0\nx = 1"),
        ("  %matplotlib inline\n  x = 1", "0\nx = 1"),
        ("\n \n  x = 1\n  %who\n    \n  y = 2", "x = 1\n0\ny = 2"),
        ("\n  \nif a:\n  x = 1", "if a:\n  x = 1"),
        ("if a:\n    %matplotlib inline\n    !ls", "if a:\n    0\n    0"),
        ("!pip install keras \\\n  --upgrade it's\nx = 1", "0\nx = 1"),
        ("!\n%\n?", "0\n0\n0"),
        ("files, d['k'] = 1, 2\nfiles = !ls *.py\nd['k'] = %who", "(files, d['k']) = (1, 2)\nfiles = 0\nd['k'] = 0"),
        ("x.y, z = %sql select 1", "x.y, z = 0"),
        ("Dense?\nmodel.fit??  # help\n?model.fit\n??Dense", "Dense\nmodel.fit\n+model.fit\n++Dense"),
        ("%pylab?\n*int*?\n?*int*\nx = f(y)?", "0\n0\n0\nx = f(y)"),
        ("%time model.fit(x)\n%timeit -n 10 -r3 -q f(y)", "0\nmodel.fit(x)\n0\nf(y)"),
        ("%time\n%timeit -n 3\n%time !ls\n%time %run a.py", "0\n0\n0\n0"),
        ("%time for a in b: c\nif a:\n    %prun -q for b in a: c\n    d", "for a in b: c\nif a:\n    for b in a: c\n    d"),
        ("  %time for a in b: c\n  if a:\n    %prun if b: c\n    d", "for a in b: c\nif a:\n    if b: c\n    d"),
        ("%prun f(x)\n%prun -l 5 -scumulative -q -D 'a b' -T c y = f(x)", "0\nf(x)\n0\ny = f(x)"),
        ("_ = %prun -qr f(x)\n%prun -r\n%prun?", "_ = 0\nf(x)\n0\n0"),
        ("%lprun -f a.f -f g -m m -u 1e-3 -rs h(x)\n%mprun -f f -c f(x)", "0\na.f\ng\nh(x)\n0\nf\nf(x)"),
        ("%memit -r 3 -t 5 -c f(x)\n%snakeviz -t --fileout a.prof f(x)", "0\nf(x)\n0\nf(x)"),
        ("%debug\n%debug f(x)\n%debug -b a.py:3 f(x)\n%pdb on", "0\n0\nf(x)\n0\nf(x)\n0"),
        ("%%time\nf(x)", "0\nf(x)"),
        ("\n%%timeit -n 1 f(x)\ng(x)", "0\nf(x)\ng(x)"),
        ("%%capture out\nf(x)", "0\nf(x)"),
        ("%%bash\nls $x 'y\n", ""),
        ("%%!\nls $x", ""),
        ("%%\nx", "0\nx"),
        ("%%writefile a.py\nimport keras", ""),
        ('x = """\n%time\n!ls\n"""', "x = '\\n%time\\n!ls\\n'"),
        ("x = (a\n  % b)\nx = a \\\n  % b", "x = a % b\nx = a % b"),
        ("print 'a = !b', x", "(None, 'a = !b', x)"),
        ("print x?", "(None, x)"),
    ],
)
def test_cells(cell: str, read: str) -> None:
    painted = without_magics(cell)
    assert len(painted) == len(cell)

    tree = parsed(NotebookSource.from_bytes(notebook(cell)))
    assert ast.dump(tree.tree) == ast.dump(ast.parse(read))
    assert bool(tree.unread) == (foreign(cell) is not None)


def test_cells_that_are_no_python_are_skipped_with_the_reason() -> None:
    source = NotebookSource.from_bytes(notebook("import a", "x = ", "%%bash\nls", "cd data", "print a", "a.b()"))
    tree = parsed(source)

    assert ast.dump(tree.tree) == ast.dump(ast.parse("import a\nNone, a\na.b()"))
    assert tree.python2
    places = [source.place(one.at) for one in tree.unread]
    assert [(place.cell, place.line) for place in places] == [(2, 1), (3, 1), (4, 1)]
    assert tree.unread[1].reason == "the cell is not Python but %%bash"
    assert tree.unread[2].reason.startswith("the cell is not Python: ")


def test_python_2_and_python_3_cells_stand_side_by_side() -> None:
    source = NotebookSource.from_bytes(notebook("print(1, file=f)", "if x:\n\tprint ur'é', 0777\n        y"))
    tree = parsed(source)
    places = {
        source.text.split("\n")[n.lineno - 1].encode()[n.col_offset : n.end_col_offset].decode(): n.value
        for n in ast.walk(tree.tree)
        if isinstance(n, ast.Constant)
    }

    assert ast.dump(tree.tree) == ast.dump(ast.parse("print(1, file=f)\nif x:\n    None, 'é', 511\n    y"))
    assert places["ur'é'"] == "é"
    assert places["0777"] == 511

"""Do a program on Keras 1 and its migration on Keras 2 compute the same? Real Kerases decide.

A *worker* process runs in each Keras environment (`inside/`); `worker.py` speaks with it, `pool.py` keeps several at
work, `compare.py` tells what differs, `judge.py` gives the verdict, `cases.py` runs a file of known cases.
"""

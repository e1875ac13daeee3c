"""What is found does not depend on the order in which sets give their members: that differs from process to process."""

import subprocess
import sys

PROGRAM = """
import kmigrate
text = '''
from keras import backend as K
from keras.layers import *
from keras.optimizers import *
if flag:
    from keras.layers import Dense as Layer
else:
    from keras.layers import Dropout as Layer
class Both(Layer):
    pass
def build(x):
    K.backend()
    K.tf
    return Both(3)(x)
'''
result = kmigrate.migrate_text(text)
print([(use.name, use.kind, use.start, use.state.value, use.rule) for use in result.uses], result.reviews, result.after)
"""


def test_the_result_is_the_same_for_every_hash_seed() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM], env={"PYTHONHASHSEED": str(seed)}, capture_output=True, check=True
        ).stdout
        for seed in range(6)
    }
    assert len(told) == 1
    assert b"keras.backend.backend" in told.pop()

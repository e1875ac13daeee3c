"""What runs inside a Keras environment: standard library, numpy and Keras only, in syntax that Python 3.6 reads."""

"""The language server: what is told of Keras 1 in an editor while a person types, and how is it migrated there?"""

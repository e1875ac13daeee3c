from kmigrate.source.text import Source
class NotebookSource(Source):
    pass

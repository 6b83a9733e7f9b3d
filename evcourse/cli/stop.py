"""How a command says that it cannot go on."""


class Stop(Exception):
    """A command cannot go on; the message is the sentence that the user sees."""

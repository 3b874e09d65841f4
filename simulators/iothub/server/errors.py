"""What keeps a hub from starting or from going on, in words for whoever starts it."""


class HubStartError(Exception):
    """The hub cannot start; the message names what is in the way."""


class JournalError(Exception):
    """The journal cannot be written, so nothing may be acknowledged any more."""

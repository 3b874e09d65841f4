"""What keeps a hub from starting or from going on, in words for whoever starts it."""

import errno


class HubStartError(Exception):
    """The hub cannot start; the message names what is in the way."""


class JournalError(Exception):
    """The journal cannot be written, so nothing may be acknowledged any more."""


def obstacle(host: str, port: int, error: OSError) -> str:
    """Say why a port cannot be listened on."""
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is already taken; stop what holds it or choose another."
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} needs more rights than this user has."
    return f"The hub cannot listen on {host}, port {port}: {error.strerror or error}."

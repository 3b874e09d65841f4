"""What can go wrong while the simulated store starts, in words for the person who started it."""


class UpError(Exception):
    """The store could not be started; the message says why and what to do."""

    exit_code = 1


class WrongStart(UpError):
    """What was asked for cannot be: an option, a folder or a port. Nothing was started."""

    exit_code = 2

"""How a command fails: one sentence on stderr and an exit code that a script can trust."""


class CommandError(Exception):
    """A command did not do what was asked."""

    exit_code = 1

    def __init__(self, message: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.details = details
        """One line each, printed below the message."""


class Refused(CommandError):
    """The service understood and said no."""


class NotInTime(CommandError):
    """What was waited for did not happen."""


class WrongUsage(CommandError):
    """The command line, a file named on it or the environment is wrong."""

    exit_code = 2


class Unreachable(CommandError):
    """Nothing that speaks our API answers at the address."""

    exit_code = 2

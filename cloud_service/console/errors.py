"""What can go wrong between a browser and the console."""

from cloud_service.errors import ServiceError


class LoginNeeded(ServiceError):
    """Nobody is logged in; `then` is where the visitor wanted to go."""

    status = 401

    def __init__(self, then: str) -> None:
        super().__init__("Please log in first.")
        self.then = then


class ForeignForm(ServiceError):
    """A form did not come from a page of ours, or from one that is too old."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            "This form is too old or is not ours. Nothing was changed; load the page again."
        )

"""What the hub refuses, each with the HTTP status, name and number that Azure gives it.

Names and numbers: https://learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes
"""

from http import HTTPStatus


class HubError(Exception):
    """A request that the hub refuses; what was stored stays as it was."""

    status = HTTPStatus.BAD_REQUEST
    name = "ArgumentInvalid"
    number = 400004

    def __init__(self, message: str) -> None:
        """Keep the sentence that the caller will read."""
        super().__init__(message)
        self.message = message


class BadRequestError(HubError):
    """The request cannot be understood, or breaks a limit."""


class UnauthorizedError(HubError):
    """No token, a token that is expired, or one that the key did not sign."""

    status = HTTPStatus.UNAUTHORIZED
    name = "IotHubUnauthorizedAccess"
    number = 401002


class DeviceNotFoundError(HubError):
    """No device of that name is registered."""

    status = HTTPStatus.NOT_FOUND
    name = "DeviceNotFound"
    number = 404001


class NoSuchModuleError(HubError):
    """The device has no module of that name."""

    status = HTTPStatus.NOT_FOUND
    name = "ModuleNotFound"
    number = 404010


class ResourceNotFoundError(HubError):
    """The hub has no such address."""

    status = HTTPStatus.NOT_FOUND
    name = "GenericNotFound"
    number = 404000


class DeviceNotOnlineError(HubError):
    """A direct method was sent to a device that is not connected and listening."""

    status = HTTPStatus.NOT_FOUND
    name = "DeviceNotOnline"
    number = 404103


class DeviceAlreadyExistsError(HubError):
    """A device of that name is registered already."""

    status = HTTPStatus.CONFLICT
    name = "DeviceAlreadyExists"
    number = 409001


class ModuleAlreadyExistsError(HubError):
    """The device has a module of that name already."""

    status = HTTPStatus.CONFLICT
    name = "ModuleAlreadyExistsOnDevice"
    number = 409301


class TooManyModulesError(HubError):
    """A device holds at most so many modules."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    name = "TooManyModulesOnDevice"
    number = 413003


class QueueDepthExceededError(HubError):
    """As many messages wait for the device as may wait."""

    status = HTTPStatus.FORBIDDEN
    name = "DeviceMaximumQueueDepthExceeded"
    number = 403004


class MessageTooLargeError(HubError):
    """A message to a device is larger than it may be."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    name = "MessageTooLarge"
    number = 413001


class PreconditionFailedError(HubError):
    """The etag sent along is not the stored one: somebody else wrote in between."""

    status = HTTPStatus.PRECONDITION_FAILED
    name = "PreconditionFailed"
    number = 412001


class MethodNotAllowedError(HubError):
    """The address exists, but not for this HTTP method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    name = "InvalidOperation"
    number = 405000


class BadDeviceAnswerError(HubError):
    """A device answered a direct method with something that is not JSON."""

    status = HTTPStatus.BAD_GATEWAY
    name = "InvalidErrorCode"
    number = 502000


class MethodTimedOutError(HubError):
    """The device took a direct method and did not answer in time."""

    status = HTTPStatus.GATEWAY_TIMEOUT
    name = "GatewayTimeout"
    number = 504101


class NotSimulatedError(HubError):
    """Azure has it, this hub does not."""

    status = HTTPStatus.NOT_IMPLEMENTED
    name = "NotImplemented"
    number = 501000


class ThrottledError(HubError):
    """Too many operations of a kind: the tier's throttle, or a fault on demand."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "ThrottlingException"
    number = 429001


class QuotaExceededError(HubError):
    """The day's messages are used up."""

    status = HTTPStatus.FORBIDDEN
    name = "IotHubQuotaExceeded"
    number = 403002


class OperationNotInTierError(HubError):
    """The hub's tier does not have this."""

    status = HTTPStatus.FORBIDDEN
    name = "OperationNotAvailableInCurrentTier"
    number = 403010


class TooManyDevicesError(HubError):
    """A hub holds at most so many devices."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    name = "TooManyDevices"
    number = 413002


class EnrollmentNotFoundError(HubError):
    """The provisioning service has no enrolment of that name."""

    status = HTTPStatus.NOT_FOUND
    name = "EnrollmentNotFound"
    number = 404201


class DeviceRegistrationNotFoundError(HubError):
    """No device has registered under that id."""

    status = HTTPStatus.NOT_FOUND
    name = "DeviceRegistrationNotFound"
    number = 404202


class OperationNotFoundError(HubError):
    """The device has no registration under way of that id."""

    status = HTTPStatus.NOT_FOUND
    name = "AsyncOperationNotFound"
    number = 404203

"""What can be wrong with the words of the contract; messages name the place and the reason."""


class ContractError(ValueError):
    """A value, tile or twin breaks the contract."""


class IdentifierError(ContractError):
    """An identifier (GTIN, SKU, position, ...) is malformed."""


class MoneyError(ContractError):
    """An amount is not money: not a number, negative, too precise, an unknown currency."""


class TwinError(ContractError):
    """A twin document is not one this contract can read or IoT Hub can hold."""


class SealError(ContractError):
    """A seal or a key list does not verify."""

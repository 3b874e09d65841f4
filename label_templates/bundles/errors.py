"""What can be wrong with a bundle; messages name the part and the reason."""

from label_templates.contract.errors import ContractError


class BundleError(ContractError):
    """A folder, file or manifest is no bundle, or not the one that it is said to be."""

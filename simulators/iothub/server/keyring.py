"""The hub's own secrets: made at its first start and kept in the journal."""

import secrets
import uuid
from typing import Final

from simulators.iothub.core.bearer import ROLES
from simulators.iothub.core.credentials import new_key
from simulators.iothub.core.policies import OWNER, PERMISSIONS
from simulators.iothub.server.journal import Journal
from simulators.iothub.server.rest.entra import Application, issuer_of, new_private_key

USUAL_ROLE: Final = "IoT Hub Data Contributor"


class Keyring:
    """Policies' keys, and the tenant whose applications may ask for bearer tokens."""

    def __init__(self, journal: Journal) -> None:
        """Read the secrets; the first time they are made."""
        self._journal = journal
        self.policies = {
            policy: (self._key(policy, 1), self._key(policy, 2)) for policy in PERMISSIONS
        }
        self.id_scope = journal.setting("id-scope", _new_scope)
        tenant = journal.setting("entra-tenant", _new_id)
        self.issuer = issuer_of(tenant, journal.setting("entra-key", new_private_key))
        self.applications = {
            journal.setting(f"entra-client-{role}", _new_id): Application(
                journal.setting(f"entra-secret-{role}", secrets.token_urlsafe), role
            )
            for role in ROLES
        }

    def _key(self, policy: str, number: int) -> str:
        # The owner's primary key was the only one there was, and keeps its name.
        name = "policy-key" if (policy, number) == (OWNER, 1) else f"policy-key-{policy}-{number}"
        return self._journal.setting(name, lambda: new_key(secrets.token_bytes))

    def application(self, role: str) -> tuple[str, str]:
        """Give the client id and the secret of the application that has a role of `ROLES`."""
        return next(
            (client, each.secret) for client, each in self.applications.items() if each.role == role
        )


def _new_scope() -> str:
    return f"0ne{secrets.token_hex(4).upper()}"


def _new_id() -> str:
    return str(uuid.uuid4())

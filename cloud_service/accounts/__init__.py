"""Accounts: who may come in (users, sessions, API tokens) and how often one may try."""

from cloud_service.accounts.account import Account, Login, Scope, Session
from cloud_service.accounts.door import Accounts

__all__ = ["Account", "Accounts", "Login", "Scope", "Session"]

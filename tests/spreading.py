"""Which tests run side by side: files, but golden frames one by one."""

from xdist.scheduler import LoadScopeScheduling


class Spreading(LoadScopeScheduling):  # type: ignore[misc]
    """Give a worker a whole file, for what a file starts, once: shops, hubs, servers.

    The order is that of the folders, end to end first: what takes minutes must not come last.
    Golden frames share nothing, and make one file that would keep a worker for long.
    """

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith("tests/golden/") else nodeid.partition("::")[0]

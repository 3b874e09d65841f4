"""The template bundles of one device.

`store.py` keeps them on disk, `fetching.py` brings them by HTTPS, `room.py` decides which must go,
`library.py` is what the rest of the agent asks.
"""

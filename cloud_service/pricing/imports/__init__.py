"""Price lists from files: read in a stream, checked row by row, staged, and merged in one go.

A file is first staged beside the database, which keeps nobody waiting; then one transaction brings
over only what differs. So a broken file leaves nothing behind, and the same file a second time
changes nothing.
"""

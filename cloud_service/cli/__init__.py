"""`edge-shelf`: the operators' command line, over the API."""

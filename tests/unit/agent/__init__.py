"""The shelf agent without sockets, disks of its own or waiting."""

"""AMQP 1.0 without wires, the server's side of it.

`values` are AMQP's types and `writing`, `reading` their bytes; `performatives` and `message` give
them meaning; `frames` cuts a stream; `connection`, `session` and `link` hold all state. Sections
named in comments are those of the standard,
https://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-overview-v1.0-os.html
"""

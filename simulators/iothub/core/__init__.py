"""The hub itself, pure: what is registered, what each twin says, who may come in.

Nothing here does I/O or reads a clock. Every instant is a parameter, in UTC seconds since 1970,
and every random byte comes from a function that was handed in, so a seeded world can run this very
code.
"""

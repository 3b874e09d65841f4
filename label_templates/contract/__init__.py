"""The words cloud and shelf both speak. Pydantic and cryptography only, no I/O."""

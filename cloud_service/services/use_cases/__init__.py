"""The use cases, each in its own transaction, by what they are about; `Services` is all of them."""

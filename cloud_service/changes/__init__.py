"""The unit that is drafted, compared and published."""

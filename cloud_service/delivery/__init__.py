"""From what tiles must show to desired twins, and from reported twins to acks."""

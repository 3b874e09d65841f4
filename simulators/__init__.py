"""Stand-ins for Azure and for the hardware."""

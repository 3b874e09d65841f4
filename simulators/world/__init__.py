"""All pure cores in one seeded thread with virtual time and faults."""

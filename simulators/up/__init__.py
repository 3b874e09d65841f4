"""`shelf-sim up`: everything on one machine, a grocery store on simulated shelves included."""

"""The measures, one file each. Each prints its table and returns the aims it can judge."""

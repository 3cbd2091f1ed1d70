"""Where findings and snapshots are kept."""

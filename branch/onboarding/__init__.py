"""The officers' side of knowing customers: papers, identity checks, corrections, data requests."""

"""Long exercises, each a program that leaves a dated record under docs/drills."""

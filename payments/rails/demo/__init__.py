"""The demo rail: a pretended mobile wallet with endless money, open in the demo bank only."""

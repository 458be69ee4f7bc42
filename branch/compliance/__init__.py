"""The desk of compliance in the workbench: alerts about payments, cases, and the rules."""

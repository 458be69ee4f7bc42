"""The workbench: where staff find customers, do their tasks, and decide what others asked for."""

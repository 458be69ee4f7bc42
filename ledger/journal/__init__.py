"""The journal: balanced entries, written once and never edited; the only way money moves."""

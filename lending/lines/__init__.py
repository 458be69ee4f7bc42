"""Lines: on which lines of the books lending stands; dated rows, changed by two persons."""

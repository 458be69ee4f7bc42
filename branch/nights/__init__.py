"""The desk of the nights: how each business date was closed, and whether the books hold."""

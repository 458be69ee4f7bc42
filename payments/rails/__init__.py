"""Rails: the roads on which money comes in and goes out; each translates and decides nothing."""

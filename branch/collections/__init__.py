"""The collections officer's desk: late loans in the order to take them up, contacts, promises."""

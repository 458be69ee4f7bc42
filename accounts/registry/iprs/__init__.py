"""The national register of persons (IPRS) as a client of its JSON gateway."""

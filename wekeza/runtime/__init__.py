"""Running the bank: environment, embedded servers, supervisor, checks, commands."""

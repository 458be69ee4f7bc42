"""The chart of accounts: every line that money can stand on, the bank's own and the customers'."""

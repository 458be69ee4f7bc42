"""The close of business: what the bank does when its day has ended, before it opens the next."""

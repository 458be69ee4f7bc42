"""The gateway: what was called through the API and how it ended, and the pages that explain it."""

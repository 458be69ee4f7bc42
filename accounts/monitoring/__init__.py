"""
The transaction monitor: rules as dated data look at what was paid, and what they find becomes an
alert, then perhaps a case, which only compliance ever sees. `typologies` holds the rules' pure
arithmetic; `watch` reads the books behind a mark; `publishing` is how a rule changes.
"""

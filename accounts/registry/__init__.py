"""Registry: asking the national register and the phone networks who customers are."""

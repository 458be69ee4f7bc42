"""What a production bank refuses to start with (reliability rule 39)."""

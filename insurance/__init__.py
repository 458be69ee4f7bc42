"""Cover, from the quote to the claim."""

"""Who the customer is and what they keep at this bank."""

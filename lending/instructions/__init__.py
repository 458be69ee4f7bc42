"""Standing instructions: a loan that is paid by itself on the days that its borrower chose."""

"""How Django itself writes dates, where no words of ours do: at the desks of records."""

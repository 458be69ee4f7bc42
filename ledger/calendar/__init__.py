"""The calendar: the bank's own business date, holidays and business days."""

"""Earnings: interest and penalties of each loan, worked out and booked when a day is closed."""

"""The first page of Borrow: how much, why that much, and what there is already."""

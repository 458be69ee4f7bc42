"""English as Kenyans write it."""
